import type { Purchase } from '../earning/purchase.ts';
import type { RefundRequest } from '../refunds/remaining.ts';
import type { CardId, CustomerId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** One card's part of the history that a draft is tried on. */
export interface CardHistory {
  cardId: CardId;
  customerId: CustomerId;
  /** Ledger units on the card when the period began, in truth and in the trial alike. */
  openingBalance: number;
  /** Ledger units owed by then; absent for none. */
  openingDebt?: number;
  /** The version its open stamp card was under. */
  versionNumber: number;
  /** Sales of the period at the program's stores, by the time they occurred. */
  purchases: readonly Purchase[];
  /** What else moved the balance in the period, by time: adjustments, spent points, transfers. */
  movements: readonly Movement[];
  /** Refunds of these sales, by time; absent where there were none. */
  refunds?: readonly PastRefund[];
  /** The ids of `purchases`, in order; only where there are refunds. */
  saleIds?: readonly TransactionId[];
  /** When rewards that these sales had minted were used; only where there are refunds. */
  redeemedAt?: readonly Instant[];
  /** What really came of them. */
  actual: Figures;
}

/** A refund of a sale of the period. */
export interface PastRefund {
  at: Instant;
  saleId: TransactionId;
  request: RefundRequest;
}

/** A change of the balance that no sale made: it happens in the trial too, as far as it can. */
export interface Movement {
  at: Instant;
  /** Ledger units; negative where the balance went down. */
  amount: number;
  /** Of what earlier sales had earned: a refund of one from before the period; ledger units, ≤ 0. */
  earned?: number;
}

/** What a period gave, in ledger units unless said otherwise. */
export interface Figures {
  /** Given for sales. */
  earned: number;
  /** Rewards minted, a count. */
  rewards: number;
  /** What those rewards cost. */
  rewardsCost: number;
  /** Left on cards at the end of the period. */
  balance: number;
}
