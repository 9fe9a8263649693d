import type { IssuedReward } from '../rewards/mint.ts';
import type { OfferFeeding } from '../offers/offer.ts';
import type { RewardChange } from '../rewards/reward.ts';
import type { TierChange, TierProgress } from '../tiers/tiers.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  ProgramId,
  PromotionId,
  StaffId,
  StoreId,
  TransactionId,
} from '../values/ids.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import type { Card } from './card.ts';
import type { LotDraw, NewLot } from './lots.ts';
import { balanceChange, debtChange, type Posting } from './posting.ts';

/** Why stamps or points moved. */
export type TransactionKind =
  | 'purchase'
  | 'refund'
  | 'award'
  | 'adjustment'
  | 'reward'
  | 'expiry'
  | 'merge'
  | 'unmerge'
  | 'opening-balance'
  | 'claim'
  | 'release';

/**
 * One transaction of the books with everything that hangs on it: written whole or not at all. A sale
 * is one; so is everything else that moves stamps or points, so that a card's history sums to its
 * balance.
 */
export interface BookEntry {
  id: TransactionId;
  businessId: BusinessId;
  kind: TransactionKind;
  /** Who posted it; with kind and external id unique for ever. */
  integration: string;
  externalId: string;
  requestHash: string;
  storeId: StoreId | null;
  customerId: CustomerId | null;
  /** `review`: kept, but it moved nothing until somebody has looked. */
  status: 'recorded' | 'review';
  occurredAt: Instant;
  receivedAt: Instant;
  businessDate: BusinessDate;
  /** The sale it takes back or corrects. */
  originalId: TransactionId | null;
  /** With which a customer can claim it; of sales that named nobody. */
  claimCode?: string;
  /** As posted. */
  receipt: object;
  /** What judged it, for a later refund; null where nothing can be refunded. */
  judgement: object | null;
  /** What is answered, explanation included. */
  outcome: object;
  newCustomer: NewCustomer | null;
  cards: readonly CardChange[];
  /** What it did to the customer's offers. */
  offers?: readonly OfferFeeding[];
  /** Facts for the outbox. */
  events: readonly unknown[];
}

export interface NewCustomer {
  id: CustomerId;
  contact: { kind: 'phone' | 'email'; value: string } | null;
}

/** What one entry does to one card. */
export interface CardChange {
  /** The card as it is afterwards. */
  card: Card;
  balanceBefore: number;
  debtBefore: number;
  isNewCard: boolean;
  postings: readonly Posting[];
  /** Lots that this entry made, less what it drew from them itself. */
  newLots: readonly NewLot[];
  /** What was drawn from older lots, one entry per lot; negative where it was given back. */
  draws: readonly LotDraw[];
  rewards: readonly IssuedReward[];
  rewardChanges: readonly RewardChange[];
  /** What is noted beside the books; absent where the program has nothing to note. */
  perks?: CardPerks;
}

/** A change of a card that was there before: only what happens has to be said. */
export function cardChange(before: Card, what: Partial<CardChange>): CardChange {
  return {
    card: before,
    balanceBefore: before.balance,
    debtBefore: before.debt,
    isNewCard: false,
    postings: [],
    newLots: [],
    draws: [],
    rewards: [],
    rewardChanges: [],
    ...what,
  };
}

/** What an entry does to promotions, to caps that cards share, and to the card's level. */
export interface CardPerks {
  /** The card that the sale was on, where a refund finds it merged since; else the entry's own. */
  notedOn?: CardId;
  /** Promotions that gave something, or, in a refund, got it back. */
  uses: readonly PromotionUse[];
  /** Counters that several cards share: budgets, and what one member of staff gave in a day. */
  counts: readonly { key: CounterKey; change: number }[];
  /** Progress towards levels, on the business date of the sale. */
  progress: (TierProgress & { date: BusinessDate }) | null;
  tierChange: TierChange | null;
}

/** One row of a promotion's uses; a refund's rows take back, so that the rows sum to what is used. */
export interface PromotionUse {
  promotionId: PromotionId;
  /** 1 for a sale, -1 when a refund takes all of it back, 0 when it takes a part. */
  uses: number;
  /** Ledger units that it gave; negative when they are taken back. */
  amount: number;
  /** The sale's business date: the period in which it counts. */
  date: BusinessDate;
}

/** The name of a counter that is locked and moved by whoever shares it. */
export type CounterKey = `budget:${PromotionId}` | `staff:${ProgramId}:${StaffId}:${BusinessDate}`;

/** Checks a change against itself: what the postings say is what balance and debt did. */
export function isBalanced(change: CardChange): boolean {
  let balance = change.balanceBefore;
  let debt = change.debtBefore;
  for (const posting of change.postings) {
    balance += balanceChange(posting);
    debt += debtChange(posting);
  }
  const { card } = change;
  return card.balance >= 0 && card.debt >= 0 && balance === card.balance && debt === card.debt;
}

/** @throws Error when a change does not balance: nothing may be written then */
export function requireBalance(...changes: readonly CardChange[]): void {
  const wrong = changes.find((change) => !isBalanced(change));
  if (wrong) throw new Error(`the books would not balance on ${wrong.card.id}`);
}
