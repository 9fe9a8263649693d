import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import type { Instant } from '../../domain/values/time.ts';
import { fromUuid } from './ids.ts';
import type { JobRow } from './statements/find-finished-jobs.ts';

/** A job's row as the domain sees it. */
export function toFinishedJob(row: JobRow): FinishedJob & { finishedAt: Instant } {
  return {
    id: fromUuid('job', row.id),
    businessId: fromUuid('biz', row.business_id),
    type: row.type,
    requestHash: row.request_hash,
    receivedAt: row.received_at,
    finishedAt: row.finished_at,
    status: row.status,
    transactionId: row.transaction_id === null ? null : fromUuid('txn', row.transaction_id),
    problem: row.problem,
    result: row.result,
  };
}
