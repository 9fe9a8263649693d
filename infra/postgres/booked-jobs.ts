import type { BusinessId, Id, IdKind, JobId } from '../../domain/values/ids.ts';
import { idPattern } from '../../domain/values/ids.ts';
import { jobIdFor } from '../../queues/job-id.ts';
import type { CommandName } from '../../queues/registry.ts';
import { fromUuid } from './ids.ts';

/** A transaction's kind, and the command that a till sends for it. */
const commandOf: Readonly<Record<string, CommandName>> = {
  purchase: 'record-purchase',
  refund: 'refund-purchase',
};

export interface Party {
  business_id: string;
  id: string;
}
export interface TransactionRow extends Party {
  kind: string;
  integration: string;
  external_id: string;
  received_at: number;
  recorded_at: number;
}
export interface JobRow extends Party {
  type: string;
  status: 'completed' | 'declined' | 'failed' | 'waiting';
  transaction_id: string | null;
  code: string | null;
  received_at: number;
  finished_at: number;
}

export interface BookedJob {
  businessId: BusinessId;
  jobId: JobId | undefined;
  type: string;
  state: 'completed' | 'declined' | 'failed' | 'held';
  receivedAt: number;
  finishedAt: number | undefined;
  externalId: string | undefined;
  transactionId: string | undefined;
  code: string | undefined;
}

/** A job that may be there. */
export interface Wanted {
  businessId: BusinessId;
  id: JobId;
}

/** Whether a text is an id of a kind. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  return idPattern(kind).test(text);
}

/** The job of a sale or refund that came without a key of its own. */
export function jobOfTransaction(row: TransactionRow): Wanted[] {
  const command = commandOf[row.kind];
  if (command === undefined) return [];
  const businessId = fromUuid('biz', row.business_id);
  const kind = isId('stf', row.integration) ? ('staff' as const) : ('integration' as const);
  const principal = { kind, id: row.integration };
  const key = `default:${row.external_id}`;
  return [{ businessId, id: jobIdFor({ businessId, principal, command, key }) }];
}

/** Jobs with the external ids of their transactions, and transactions whose job is not known. */
export function withTransactions(
  jobs: readonly BookedJob[],
  transactions: readonly TransactionRow[],
): BookedJob[] {
  const byTransaction = new Map(
    transactions.map((row) => [fromUuid('txn', row.id) as string, row]),
  );
  const unique = new Map(jobs.map((job) => [job.jobId, job]));
  const told = [...unique.values()].map((job) => ({
    ...job,
    externalId: byTransaction.get(job.transactionId ?? '')?.external_id,
  }));
  const known = new Set(told.map((job) => job.transactionId));
  const rest = [...byTransaction].flatMap(([id, row]) => (known.has(id) ? [] : toBooked(row)));
  return [...told, ...rest].sort((a, b) => b.receivedAt - a.receivedAt);
}

function toBooked(row: TransactionRow): BookedJob {
  return {
    businessId: fromUuid('biz', row.business_id),
    jobId: undefined,
    type: commandOf[row.kind] ?? row.kind,
    state: 'completed',
    receivedAt: row.received_at,
    finishedAt: row.recorded_at,
    externalId: row.external_id,
    transactionId: fromUuid('txn', row.id),
    code: undefined,
  };
}

export function toBookedJob(row: JobRow): BookedJob {
  return {
    businessId: fromUuid('biz', row.business_id),
    jobId: fromUuid('job', row.id),
    type: row.type,
    state: row.status === 'waiting' ? 'held' : row.status,
    receivedAt: row.received_at,
    finishedAt: row.status === 'waiting' ? undefined : row.finished_at,
    externalId: undefined,
    transactionId: row.transaction_id === null ? undefined : fromUuid('txn', row.transaction_id),
    code: row.code ?? undefined,
  };
}
