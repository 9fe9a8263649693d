import type { BusinessId, CardId, JobId, TransactionId, CustomerId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { RefundableSale, RefundJudgement } from './decide-refund.ts';
import type { CardJudgement } from './judgement.ts';
import type { Lot } from '../ledger/lots.ts';
import type { HeldReward } from '../rewards/reward.ts';
import type { SaleHoldings } from './holdings.ts';
import type { SpentPoints } from './points-back.ts';

/** How a refund names its sale: by our id, or by the till's own. */
export type SaleReference = { id: TransactionId } | { integration: string; externalId: string };

/** A refund that came before its sale, with the whole message it came in. */
export interface WaitingRefund {
  businessId: BusinessId;
  jobId: JobId;
  integration: string;
  saleExternalId: string;
  message: object;
  receivedAt: Instant;
  /** When the business gives up. */
  dueAt: Instant;
}

/** Where a card is by now: merges, and their undoing, take cards from one customer to another. */
export interface CardHome {
  cardId: CardId;
  /** The card that carries on, or the card itself. */
  home: CardId;
  /** Whoever has it. */
  customerId: CustomerId;
}

/** What the books say about refunds and their sales, inside one transaction. */
export interface RefundBooks {
  findSale(businessId: BusinessId, reference: SaleReference): Promise<RefundableSale | undefined>;
  /** The refund that already holds an external id. */
  findRecorded(
    businessId: BusinessId,
    refund: { integration: string; externalId: string },
  ): Promise<{ transactionId: TransactionId; requestHash: string; outcome: object } | undefined>;
  /** Refunds of a sale, the first first. */
  loadPast(businessId: BusinessId, saleId: TransactionId): Promise<RefundJudgement[]>;
  /** What became of cards that a sale was judged for. */
  findHomes(businessId: BusinessId, cardIds: readonly CardId[]): Promise<CardHome[]>;
  /** The points that a sale was paid with, and what their lots hold now. */
  findSpentPoints(businessId: BusinessId, saleId: TransactionId): Promise<SpentPoints | undefined>;
  /** The lots that paid for a reward, and what is owed of what their sales had given, at most. */
  findFunding(
    businessId: BusinessId,
    reward: Pick<HeldReward, 'cardId' | 'funding'>,
  ): Promise<{ owed: number; lots: Lot[] }>;
  /** What has become of a sale's lots, by card. */
  loadHoldings(
    businessId: BusinessId,
    judgements: readonly Pick<CardJudgement, 'cardId' | 'lotId'>[],
  ): Promise<Map<CardId, SaleHoldings>>;

  /** Keeps a refund until its sale comes; one that waits already is left as it is. */
  wait(refund: Omit<WaitingRefund, 'dueAt'>): Promise<void>;
  /** Takes hold of a waiting refund; undefined when it waits no more. */
  takeWaiting(businessId: BusinessId, jobId: JobId): Promise<WaitingRefund | undefined>;
  /** Refunds that need a look: their time is up, or their sale is there after all. */
  findRipe(businessId: BusinessId, now: Instant, limit: number): Promise<WaitingRefund[]>;
  /**
   * Waits for the end of a transaction that is just recording a sale. A sale that takes its place
   * after this will find the refunds that were committed as waiting before. Must not be called with
   * a waiting refund in hold: the sale may be waiting for that.
   */
  settleSaleUnderWay(
    businessId: BusinessId,
    sale: { integration: string; externalId: string },
  ): Promise<void>;
  stopWaiting(businessId: BusinessId, jobId: JobId): Promise<void>;
}
