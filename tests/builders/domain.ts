/**
 * Test data for the rules: each builder gives the plainest valid thing, and a test names only what it
 * is about. The default shop is a café in Lisbon (EUR, tax included, day starts at midnight).
 */
import type {
  BusinessConfig,
  PurchaseState,
  RecordPurchase,
} from '../../domain/earning/decide-purchase.ts';
import { type CardDecision, earn } from '../../domain/earning/earn.ts';
import type { Earning } from '../../domain/earning/caps.ts';
import type { Purchase, PurchaseLine, Receipt } from '../../domain/earning/purchase.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { AutoReward, Program, ProgramVersion } from '../../domain/programs/program.ts';
import {
  compilePromotions,
  type LivePromotion,
  type PromotionDefinition,
} from '../../domain/promotions/promotion.ts';
import type { Unit } from '../../domain/values/units.ts';
import type { Business, Store } from '../../domain/tenancy/business.ts';
import type { Id, IdKind, IdSource, LotId } from '../../domain/values/ids.ts';
import { businessDate, type Instant, parseInstant } from '../../domain/values/time.ts';

/** A readable id that matches `idPattern`: `anId('lot', 2)` is `lot_00000000000000000000000002`. */
export function anId<K extends IdKind>(kind: K, n = 1): Id<K> {
  return `${kind}_${String(n).padStart(26, '0')}`;
}

/** Ids and codes that count up from 1000, the same in every run. */
export function deterministicIds(): IdSource {
  let last = 1000;
  const next = () => (last += 1);
  return {
    id: (kind) => anId(kind, next()),
    code: () => `code${String(next()).padStart(18, '0')}`,
  };
}

/** An instant from RFC 3339 text; a typo in a test fails here, not as NaN further on. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (Number.isNaN(instant)) throw new RangeError(`not an instant: ${text}`);
  return instant;
}

/** A Wednesday noon in Lisbon, when nothing special is on. */
export const NOON = at('2026-03-04T12:00:00Z');

export function aBusiness(over: Partial<Business> = {}): Business {
  return {
    id: anId('biz'),
    acceptPastDays: 30,
    acceptFutureMinutes: 5,
    adjustmentLimit: null,
    ...over,
  };
}

export function aStore(over: Partial<Store> = {}): Store {
  return {
    id: anId('sto'),
    brandId: anId('brd'),
    name: 'Café Central',
    zone: 'Europe/Lisbon',
    dayStartMinutes: 0,
    closedAt: null,
    ...over,
  };
}

export function anAutoReward(over: Partial<AutoReward> = {}): AutoReward {
  return {
    id: anId('rdf'),
    name: 'Free coffee',
    cost: '10',
    benefit: { kind: 'freeItem', description: 'Any coffee' },
    validForDays: 30,
    ...over,
  };
}

/** One stamp a visit, no caps, no reward, in force since 2020. */
export function aVersion(over: Partial<ProgramVersion> = {}): ProgramVersion {
  return {
    number: 1,
    from: at('2020-01-01T00:00:00Z'),
    to: null,
    rules: [{ kind: 'perVisit', amount: '1' }],
    combine: 'sum',
    carryFractions: true,
    earnOnTax: true,
    promotions: [],
    caps: {},
    autoReward: null,
    expiry: { kind: 'none' },
    ...over,
  };
}

export function aProgram(over: Partial<Program> = {}): Program {
  return {
    id: anId('prg'),
    brandId: anId('brd'),
    name: 'Regulars card',
    unit: 'stamp',
    currency: 'EUR',
    zone: 'Europe/Lisbon',
    storeIds: null,
    enrolment: 'automatic',
    versions: [aVersion()],
    pauses: [],
    promotions: [],
    ...over,
  };
}

/** A stamp per item, ten to a free coffee. */
export function aStampProgram(
  version: Partial<ProgramVersion> = {},
  over: Partial<Program> = {},
): Program {
  return aProgram({
    versions: [
      aVersion({
        rules: [{ kind: 'perItem', amount: '1' }],
        autoReward: anAutoReward(),
        ...version,
      }),
    ],
    ...over,
  });
}

/** A point per euro, fractions carried, nothing minted. */
export function aPointProgram(
  version: Partial<ProgramVersion> = {},
  over: Partial<Program> = {},
): Program {
  return aProgram({
    unit: 'point',
    versions: [
      aVersion({ rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }], ...version }),
    ],
    ...over,
  });
}

/** Double points for everybody, always on, with nothing to limit it. */
export function aPromotionDefinition(over: Partial<PromotionDefinition> = {}): PromotionDefinition {
  return {
    name: 'Double points',
    window: {},
    effect: { kind: 'multiplier', multiplier: '2' },
    stackable: false,
    ...over,
  };
}

/** The same, live since 2020, as sales are judged by it. */
export function aPromotion(
  over: Partial<PromotionDefinition> & {
    n?: number;
    live?: { from: Instant; to: Instant | null };
  } = {},
  unit: Unit = 'point',
): LivePromotion {
  const { n = 1, live = { from: at('2020-01-01T00:00:00Z'), to: null }, ...rest } = over;
  const editions = [{ ...live, definition: aPromotionDefinition(rest) }];
  const [promotion] = compilePromotions([{ id: anId('prm', n), editions }], unit);
  if (!promotion) throw new Error('one edition makes one promotion');
  return promotion;
}

export function aLot(over: Partial<Lot> & { n?: number } = {}): Lot {
  const { n = 1, ...rest } = over;
  const id: LotId = anId('lot', n);
  return { id, cardId: anId('crd'), earnedAt: NOON, expiresAt: null, remaining: 1, ...rest };
}

/** An active card; a balance without lots is held in one. */
export function aCard(over: Partial<Card> = {}): Card {
  const balance = over.balance ?? 0;
  return {
    id: anId('crd'),
    programId: anId('prg'),
    customerId: anId('cus'),
    code: 'card-code',
    status: 'active',
    balance,
    debt: 0,
    sequence: 0,
    versionNumber: 1,
    activeUntil: null,
    lots: balance > 0 ? [aLot({ remaining: balance, earnedAt: NOON - 1 })] : [],
    ...over,
  };
}

export function aLine(over: Partial<PurchaseLine> = {}): PurchaseLine {
  return { kind: 'item', quantity: '1', unitPrice: 100, discount: 0, tax: 0, ...over };
}

/** `quantity` coffees at 2 €. */
export function coffees(quantity: number): Partial<Receipt> {
  const lines = [aLine({ sku: 'coffee', quantity: String(quantity), unitPrice: 200 })];
  return { total: 200 * quantity, lines };
}

/** 10 € in cash, of which only the total is known. */
export function aReceipt(over: Partial<Receipt> = {}): Receipt {
  return {
    currency: 'EUR',
    total: 1000,
    taxIncluded: true,
    lines: [],
    discounts: [],
    tenders: [],
    ...over,
  };
}

export function aPurchase(over: Partial<Omit<Purchase, 'businessDate'>> = {}): Purchase {
  const place = { store: aStore(), occurredAt: NOON };
  const purchase = { ...aReceipt(), ...place, ...over };
  return { ...purchase, businessDate: businessDate(purchase.occurredAt, purchase.store) };
}

/** A post that arrives the moment the sale occurs, unless told otherwise. */
export function aRecordPurchase(over: Partial<RecordPurchase> = {}): RecordPurchase {
  const occurredAt = over.occurredAt ?? NOON;
  return { ...aReceipt(), storeId: anId('sto'), occurredAt, receivedAt: occurredAt, ...over };
}

/** One store, one stamp program, and a customer who holds a card in it. */
export function aPurchaseState(
  over: Partial<Omit<PurchaseState, 'config'>> & Partial<BusinessConfig> = {},
): PurchaseState {
  const {
    business = aBusiness(),
    stores = [aStore()],
    programs = [aStampProgram()],
    customer = { kind: 'known', id: anId('cus'), cards: [aCard()] },
    earnings = new Map(),
  } = over;
  return { config: { business, stores, programs }, customer, earnings };
}

/** One card through many purchases, each seeing what the earlier ones committed. */
export interface CardHistory {
  readonly card: Card;
  readonly decisions: readonly CardDecision[];
  buy(purchase: Partial<Omit<Purchase, 'businessDate'>>): CardDecision;
}

export function aCardHistory(program: Program, opening: Card = aCard()): CardHistory {
  const ids = deterministicIds();
  const earnings: Earning[] = [];
  const decisions: CardDecision[] = [];
  let card = opening;
  return {
    get card() {
      return card;
    },
    decisions,
    buy(over) {
      const purchase = aPurchase(over);
      const decision = earn(
        { purchase, program, card, isNewCard: false, earnings: [...earnings] },
        ids,
      );
      const { occurredAt, businessDate } = purchase;
      if (decision.earned > 0) earnings.push({ occurredAt, businessDate, amount: decision.earned });
      card = decision.card;
      decisions.push(decision);
      return decision;
    },
  };
}

/** The codes of a trace, for asking what it mentions. */
export function codes(traced: { explanation: readonly { code: string }[] }): string[] {
  return traced.explanation.map((step) => step.code);
}
