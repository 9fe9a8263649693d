import type { ExceptionBooks, RaisedException } from '../exceptions/exception-books.ts';
import type { BookEntry } from '../ledger/book-entry.ts';
import type { LoadedSightings, NewcomerSale } from '../fraud/sightings.ts';
import type { LedgerBooks } from '../ledger/books.ts';
import type { Card } from '../ledger/card.ts';
import type { CommandTransaction } from '../ledger/command-store.ts';
import type { FinishedJob } from '../ledger/finished-job.ts';
import type { OfferBooks } from '../offers/offer-books.ts';
import type { OfferInstance } from '../offers/offer.ts';
import type { OwnedReward, RewardBooks } from '../rewards/reward-books.ts';
import type { Approval } from '../tenancy/approval.ts';
import type { TierBooks } from '../tiers/tier-books.ts';
import type { RefundBooks, WaitingRefund } from '../refunds/refund-books.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  JobId,
  StaffId,
  StoreId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { Earning } from './caps.ts';
import type { BusinessConfig } from './decide-purchase.ts';
import type { LoadedFacts } from './sale-facts.ts';

/** How a till names a customer. */
export type CustomerReference =
  | { kind: 'cardCode'; value: string }
  | { kind: 'customerId'; value: CustomerId }
  | { kind: 'phone'; value: string }
  | { kind: 'email'; value: string };

/** What must be known to judge a purchase. */
export interface PurchaseQuery {
  businessId: BusinessId;
  jobId: JobId;
  integration: string;
  externalId: string;
  storeId: StoreId;
  occurredAt: Instant;
  staffId?: StaffId | undefined;
  /** Minor units; absent where nobody watches what is usual. */
  totalMinor?: number;
  customer: CustomerReference | null;
  /** Rewards that the sale used; absent where it used none. */
  voucherCodes?: readonly string[];
}

export interface LoadedPurchase {
  /** Undefined for a business that does not exist. */
  config: BusinessConfig | undefined;
  /** Undefined when nobody is known by that reference. */
  customerId: CustomerId | undefined;
  /** The job's terminal state, when an earlier delivery reached one. */
  finishedJob: Pick<FinishedJob, 'status' | 'transactionId' | 'problem'> | undefined;
  /** The transaction that already holds this external id. */
  recorded: { transactionId: TransactionId; requestHash: string } | undefined;
  /** What whoever served is: a role, `removed` or `unknown`; absent where nobody is named. */
  staff?: string;
}

/** Everything a batch needs, read under row locks on its cards. */
export interface LoadedPurchases {
  /** One entry per query, in order. */
  purchases: readonly LoadedPurchase[];
  cards: readonly Card[];
  earnings: ReadonlyMap<CardId, readonly Earning[]>;
  /** The customers' offers whose windows the purchases may fall into. */
  offers: readonly OfferInstance[];
  /** The rewards that the purchases name as vouchers. */
  vouchers: readonly OwnedReward[];
  /** What promotions, levels and staff caps asked; absent where no set-up has any. */
  facts?: LoadedFacts | undefined;
  /** What programs watch; absent where none does. */
  sightings?: LoadedSightings | undefined;
}

/** Writes and reads the books; one transaction a batch. */
export interface PurchaseStore {
  /**
   * Runs `work` in one transaction: everything it writes becomes visible at once, or nothing. Work
   * that loses against a concurrent twin is run once more, so it must keep nothing between runs.
   */
  transact<T>(work: (transaction: PurchaseTransaction) => Promise<T>): Promise<T>;
}

export interface PurchaseTransaction {
  /** Reads, and locks the cards in id order so that two batches never wait for each other in a ring. */
  load(queries: readonly PurchaseQuery[]): Promise<LoadedPurchases>;
  /**
   * Writes key, postings, lots, balances, rewards and outbox rows.
   * @returns refunds that came before these sales and waited for them, now held by this transaction
   */
  write(changes: {
    entries: readonly BookEntry[];
    jobs: readonly FinishedJob[];
    /** Sales that wait for approval, and what the owner should look at. Mostly there are none. */
    held?: readonly Omit<Approval, 'status'>[];
    flagged?: readonly RaisedException[];
    /** Watched sales whose customers they enrolled. */
    newcomers?: readonly NewcomerSale[];
  }): Promise<WaitingRefund[]>;
  /**
   * Runs work whose failure undoes only itself; undefined when it failed. An outage fails the whole
   * transaction.
   */
  apart<T>(work: (repos: RefundSettlement) => Promise<T>): Promise<T | undefined>;
}

/** What settling a refund needs, in a sale's own transaction. */
export interface RefundSettlement extends Pick<CommandTransaction, 'exclusively' | 'finish'> {
  books: LedgerBooks;
  refunds: RefundBooks;
  exceptions: ExceptionBooks;
  offers: OfferBooks;
  rewards: RewardBooks;
  tiers: TierBooks;
}

/** The same look without locks or writes, for a preview. */
export interface PurchaseReader {
  load(queries: readonly PurchaseQuery[]): Promise<LoadedPurchases>;
}
