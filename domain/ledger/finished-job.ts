import type { BusinessId, JobId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** What became of a job. `waiting` is no end: a refund that came before its sale. */
export interface FinishedJob {
  id: JobId;
  businessId: BusinessId;
  /** The command's name. */
  type: string;
  requestHash: string;
  receivedAt: Instant;
  status: 'completed' | 'declined' | 'failed' | 'waiting';
  /** What it wrote into the books, if anything. */
  transactionId: TransactionId | null;
  problem: { code: string; detail?: string } | null;
  /** What it answers; null where the transaction's outcome is the answer. */
  result: object | null;
}
