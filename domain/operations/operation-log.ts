import type { JobId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** What an operator did to queues and jobs. */
export interface Operation {
  /** The command's that told of it. */
  id: JobId;
  operator: string;
  action: string;
  queue: string;
  jobIds: readonly string[];
  reason: string | null;
  askedAt: Instant;
}

/** The log of operations. It is ours, not a business's. */
export interface OperationLog {
  /** Notes an operation once, however often it is told of. */
  note(operation: Operation): Promise<void>;
}
