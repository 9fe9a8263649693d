import { type CardExpiry, expireLots, expiryStep } from '../expiry/expire.ts';
import type { Card } from '../ledger/card.ts';
import { isPausedAt, type Program, participates, versionAt } from '../programs/program.ts';
import { acceptOccurredAt, type Business, type Store } from '../tenancy/business.ts';
import type { CustomerId, IdSource, ProgramId, StaffId, StoreId } from '../values/ids.ts';
import { businessDate, type Instant } from '../values/time.ts';
import type { Earning } from './caps.ts';
import { type CardDecision, earn } from './earn.ts';
import type { ExplanationStep } from './explanation.ts';
import type { EarningFacts } from './facts.ts';
import type { Purchase, Receipt } from './purchase.ts';

/** What a till posts, with the times that judge it. */
export interface RecordPurchase extends Receipt {
  storeId: StoreId;
  staffId?: StaffId | undefined;
  occurredAt: Instant;
  receivedAt: Instant;
}

/** A business's set-up, as of the transaction that decides. */
export interface BusinessConfig {
  business: Business;
  stores: readonly Store[];
  programs: readonly Program[];
  /** Whether customers may hold offers, so that purchases must be brought to them. */
  hasOffers?: boolean;
}

/** Whom the till named, after look-up. */
export type KnownCustomer =
  | { kind: 'anonymous' }
  | { kind: 'known'; id: CustomerId; cards: readonly Card[] }
  /** A phone or e-mail nobody has yet. */
  | { kind: 'new-contact' }
  /** A card code or customer id that does not exist here. */
  | { kind: 'unknown'; reference: 'cardCode' | 'customerId' };

export interface PurchaseState {
  config: BusinessConfig;
  customer: KnownCustomer;
  /** The customer's other earnings near this purchase, by program; only where a cap asks. */
  earnings: ReadonlyMap<ProgramId, readonly Earning[]>;
  /** What promotions, levels and staff caps need to know, by program; only where they are used. */
  facts?: ReadonlyMap<ProgramId, EarningFacts> | undefined;
  /** Programs that keep what they would give, and why. */
  withheld?: ReadonlyMap<ProgramId, readonly ExplanationStep[]> | undefined;
}

export type PurchaseNote =
  | 'no-customer'
  /** The card's customer was erased. Whoever shows it now is nobody whom the shop knows. */
  | 'card-closed'
  | 'customer-not-enrolled'
  | 'no-program-at-store'
  | 'program-paused'
  | 'held-for-approval'
  /** The till names somebody who never was on the staff. */
  | 'unknown-staff'
  | 'occurred-too-long-ago';

export interface RecordedPurchase {
  kind: 'recorded';
  /** `review`: kept, but too old to earn without a look. */
  status: 'recorded' | 'review';
  purchase: Purchase;
  customerId: CustomerId | null;
  isNewCustomer: boolean;
  cards: readonly CardDecision[];
  /** What had expired on these cards by then and was not swept yet; it goes before the sale. */
  expiries: readonly CardExpiry[];
  notes: readonly PurchaseNote[];
}

/** Refusals, in order of precedence. Terminal: the same post is refused again. */
export type PurchaseRefusal =
  | 'unknown-store'
  | 'store-closed'
  | 'occurred-in-future'
  | 'unknown-card'
  | 'unknown-customer'
  | 'card-blocked'
  | 'insufficient-balance';

export type PurchaseDecision = RecordedPurchase | { kind: 'refused'; code: PurchaseRefusal };

/**
 * Judges a purchase: which programs and cards it touches, and what each of them gives. Pure: the
 * same command, state and ids make the same decision, for a commit and for a preview alike.
 */
export function decidePurchase(
  command: RecordPurchase,
  state: PurchaseState,
  ids: IdSource,
): PurchaseDecision {
  const { business, stores, programs } = state.config;
  const store = stores.find((s) => s.id === command.storeId);
  if (!store) return { kind: 'refused', code: 'unknown-store' };
  if (store.closedAt !== null && command.occurredAt >= store.closedAt) {
    return { kind: 'refused', code: 'store-closed' };
  }
  const acceptance = acceptOccurredAt(business, command);
  if (acceptance === 'in-future') return { kind: 'refused', code: 'occurred-in-future' };
  if (state.customer.kind === 'unknown') {
    const code = state.customer.reference === 'cardCode' ? 'unknown-card' : 'unknown-customer';
    return { kind: 'refused', code };
  }

  const purchase: Purchase = {
    ...command,
    store,
    businessDate: businessDate(command.occurredAt, store),
  };
  const atStore = programs.filter((program) => participates(program, store));
  const open = atStore.filter((program) => !isPausedAt(program, command.occurredAt));
  const recorded = (rest: Partial<RecordedPurchase>): RecordedPurchase => ({
    kind: 'recorded',
    status: 'recorded',
    purchase,
    customerId: state.customer.kind === 'known' ? state.customer.id : null,
    isNewCustomer: false,
    cards: [],
    expiries: [],
    notes: [],
    ...rest,
  });

  if (acceptance === 'too-old') {
    return recorded({ status: 'review', notes: ['occurred-too-long-ago'] });
  }
  if (state.customer.kind === 'anonymous') return recorded({ notes: ['no-customer'] });
  if (state.customer.kind === 'known' && isGone(state.customer.cards)) {
    return recorded({ customerId: null, notes: ['card-closed'] });
  }
  if (open.length === 0) {
    const note = atStore.length === 0 ? 'no-program-at-store' : 'program-paused';
    return recorded({ notes: [note] });
  }

  const enrolling = open.filter((program) => opensCardFor(program, purchase));
  if (state.customer.kind === 'new-contact' && enrolling.length === 0) {
    return recorded({ notes: ['customer-not-enrolled'] });
  }
  const customerId = state.customer.kind === 'known' ? state.customer.id : ids.id('cus');
  const cards = state.customer.kind === 'known' ? state.customer.cards : [];
  const expiries: CardExpiry[] = [];
  const decisions = open.flatMap((program) => {
    const held = cards.find((card) => card.programId === program.id);
    const card = held ?? openCard(program, customerId, purchase, ids);
    if (!card) return [];
    const valid = expireLots(card, purchase.occurredAt);
    expiries.push(...valid.expiries);
    const earnings = state.earnings.get(program.id) ?? [];
    const facts = state.facts?.get(program.id);
    const withheld = state.withheld?.get(program.id);
    const { card: valued } = valid;
    const input = { purchase, program, card: valued, isNewCard: !held, earnings, facts, withheld };
    return [withExpiries(earn(input, ids), valid.expiries)];
  });
  return recorded({
    customerId,
    isNewCustomer: state.customer.kind === 'new-contact',
    cards: decisions,
    expiries,
    notes: [
      ...(open.length < atStore.length ? (['program-paused'] as const) : []),
      ...(decisions.length === 0 ? (['customer-not-enrolled'] as const) : []),
    ],
  });
}

function withExpiries(decision: CardDecision, expiries: readonly CardExpiry[]): CardDecision {
  if (expiries.length === 0) return decision;
  const steps = expiries.map((expiry) => expiryStep(expiry, decision.program));
  return { ...decision, explanation: [...steps, ...decision.explanation] };
}

/** Whether these are what is left of somebody who was erased: closing is for good, and for all. */
function isGone(cards: readonly Card[]): boolean {
  return cards.length > 0 && cards.every((card) => card.status === 'closed');
}

/** Whether a sale may open a card: not by itself before the program began, or in another currency. */
function opensCardFor(program: Program, purchase: Purchase): boolean {
  return (
    program.enrolment === 'automatic' &&
    program.currency === purchase.currency &&
    versionAt(program, purchase.occurredAt) !== undefined
  );
}

function openCard(
  program: Program,
  customerId: CustomerId,
  purchase: Purchase,
  ids: IdSource,
): Card | undefined {
  const version = versionAt(program, purchase.occurredAt);
  if (!version || !opensCardFor(program, purchase)) return undefined;
  return {
    id: ids.id('crd'),
    programId: program.id,
    customerId,
    code: ids.code(),
    status: 'active',
    balance: 0,
    debt: 0,
    sequence: 0,
    versionNumber: version.number,
    activeUntil: null,
    lots: [],
  };
}
