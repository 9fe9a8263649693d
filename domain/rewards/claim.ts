import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { spend, validBalance } from '../ledger/spend.ts';
import { type Program, participates } from '../programs/program.ts';
import { acceptOccurredAt, type Business, type Store } from '../tenancy/business.ts';
import type { IdSource } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { describeAmount, spendable, toLedgerUnits } from '../values/units.ts';
import { expiryOf, isInSeason, type RewardDefinition, type RewardTerms } from './definition.ts';
import type { IssuedReward } from './mint.ts';

/** Refusals, in order of precedence. `unknown-card` is said before anything is decided. */
export type ClaimRefusal =
  | 'unknown-card'
  | 'card-closed'
  | 'card-blocked'
  | 'unknown-store'
  | 'occurred-in-future'
  | 'occurred-too-long-ago'
  | 'unknown-reward-definition'
  | 'reward-not-live'
  | 'out-of-season'
  | 'unknown-coupon'
  | 'not-in-audience'
  | 'wrong-store'
  | 'reward-limit-reached'
  | 'out-of-stock'
  | 'insufficient-balance';

/** A wish to have a reward. */
export interface ClaimReward {
  couponCode: string | null;
  /** For what it is given by itself; absent where somebody wants it. */
  occasion?: 'birthday';
  /** The business's store with this claim's id; null where none was named, undefined if unknown. */
  store: Store | null | undefined;
  occurredAt: Instant;
  receivedAt: Instant;
}

/** What a claim is judged by, read under locks on card and definition. */
export type ClaimState = OfferState & { card: Card };

/** The same as far as it decides what to offer. */
export interface OfferState {
  business: Business;
  program: Program;
  card: Pick<Card, 'status'>;
  definition: RewardDefinition | undefined;
  /** The customer's tags. */
  tags: readonly string[];
  /** Rewards of the definition that the card was issued and that were not taken back. */
  taken: number;
}

export type ClaimDecision =
  | { kind: 'claimed'; reward: IssuedReward; change: CardChange; takesFromStock: boolean }
  | { kind: 'refused'; code: ClaimRefusal; detail?: string };

/**
 * Judges a claim at the moment it occurred: season, audience, stock, limit and balance; then spends
 * the cost from the lots that expire first and issues the reward. Whether the definition is live, and
 * how the customer is tagged, counts as of now: neither has a history.
 */
export function decideClaim(claim: ClaimReward, state: ClaimState, ids: IdSource): ClaimDecision {
  const { card, program, definition } = state;
  const closed = whyNotOpen(claim, state);
  if (closed) return closed;
  if (!definition) return refuse('unknown-reward-definition');
  const at = claim.occurredAt;
  const refusal =
    whyNotClaimable(claim, state, definition) ?? whyNotAffordable(at, state, definition);
  if (refusal) return refusal;
  const { terms } = definition;
  const cost = toLedgerUnits(terms.cost, program.unit);
  const id = ids.id('rwd');
  const paid = cost > 0 ? spend(card, { amount: cost, at, rewardId: id }) : undefined;
  const reward: IssuedReward = {
    id,
    definitionId: definition.id,
    cardId: card.id,
    code: ids.code(),
    name: terms.name,
    benefit: terms.benefit,
    cost,
    versionNumber: card.versionNumber,
    funding: paid?.draws ?? [],
    issuedAt: at,
    expiresAt: expiryOf(terms, at, program.zone),
    storeIds: terms.storeIds ?? null,
    ...(claim.couponCode !== null && { couponCode: claim.couponCode }),
  };
  const change: CardChange = cardChange(card, {
    card: {
      ...card,
      balance: paid?.balance ?? card.balance,
      // One event for the reward, one for the balance where it moved.
      sequence: card.sequence + (paid ? 2 : 1),
      lots: (paid?.lots ?? card.lots).filter((lot) => lot.remaining > 0),
    },
    postings: paid ? [paid.posting] : [],
    draws: paid?.draws ?? [],
    rewards: [reward],
  });
  return { kind: 'claimed', reward, change, takesFromStock: definition.stockLeft !== null };
}

type Refusal = Extract<ClaimDecision, { kind: 'refused' }>;

const refuse = (code: ClaimRefusal, detail?: string): Refusal => ({
  kind: 'refused',
  code,
  ...(detail && { detail }),
});

/** Whether anything can be claimed on this card now. */
function whyNotOpen(claim: ClaimReward, { card, business }: OfferState): Refusal | undefined {
  if (card.status === 'closed' || card.status === 'merged') return refuse('card-closed');
  if (card.status === 'blocked') return refuse('card-blocked');
  if (claim.store === undefined) return refuse('unknown-store');
  const acceptance = acceptOccurredAt(business, claim);
  if (acceptance === 'in-future') return refuse('occurred-in-future');
  return acceptance === 'too-old' ? refuse('occurred-too-long-ago') : undefined;
}

/** Whether this reward can be claimed with this claim. */
function whyNotClaimable(
  claim: ClaimReward,
  state: OfferState,
  { status, terms, stockLeft }: RewardDefinition,
): Refusal | undefined {
  const { program } = state;
  if (status !== 'live') return refuse('reward-not-live', `${terms.name} is ${status}.`);
  if (!isInSeason(terms, claim.occurredAt, program.zone)) {
    return refuse('out-of-season', describeSeason(terms));
  }
  if (terms.occasion !== claim.occasion) {
    return refuse('not-in-audience', 'It is given by itself, on a birthday.');
  }
  if (!hasCoupon(terms, claim.couponCode)) return refuse('unknown-coupon');
  if (terms.customerTags && !terms.customerTags.some((tag) => state.tags.includes(tag))) {
    return refuse('not-in-audience');
  }
  if (claim.store && !isOfferedAt(terms, program, claim.store)) return refuse('wrong-store');
  if (terms.limitPerCustomer !== undefined && state.taken >= terms.limitPerCustomer) {
    return refuse('reward-limit-reached', `${terms.limitPerCustomer} for each customer.`);
  }
  return stockLeft === 0 ? refuse('out-of-stock') : undefined;
}

function whyNotAffordable(
  at: Instant,
  { program, card }: ClaimState,
  { terms }: RewardDefinition,
): Refusal | undefined {
  const cost = toLedgerUnits(terms.cost, program.unit);
  const balance = spendable(validBalance(card, at), program.unit);
  if (balance >= cost) return undefined;
  const [price, held] = [cost, balance].map((amount) => describeAmount(amount, program.unit));
  return refuse('insufficient-balance', `It costs ${price}; ${held} can be spent.`);
}

/** A reward with coupons needs one of them; one without takes none. */
function hasCoupon(terms: RewardTerms, couponCode: string | null): boolean {
  if (!terms.couponCodes) return couponCode === null;
  return couponCode !== null && terms.couponCodes.includes(couponCode);
}

function isOfferedAt(terms: RewardTerms, program: Program, store: Store): boolean {
  return terms.storeIds?.includes(store.id) ?? participates(program, store);
}

function describeSeason({ season }: RewardTerms): string {
  const parts = [
    ...(season?.from ? [`from ${season.from}`] : []),
    ...(season?.to ? [`to ${season.to}`] : []),
  ];
  return `It can be claimed ${parts.join(' ')}.`;
}

/** Whether a customer could claim a reward in some store now, the price aside: what to offer them. */
export function isOnOffer(
  times: Pick<ClaimReward, 'occurredAt' | 'receivedAt'>,
  state: OfferState & { definition: RewardDefinition },
): boolean {
  const { definition } = state;
  const couponCode = definition.terms.couponCodes?.[0] ?? null;
  const claim = { ...times, couponCode, store: null };
  return !whyNotOpen(claim, state) && !whyNotClaimable(claim, state, definition);
}
