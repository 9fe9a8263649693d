import type { BusinessId, JobId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import type { Books, EndedJob } from './ports.ts';
import { Problem, problemCode, type ProblemDocument, problemDocument } from './problems.ts';

/** A job as clients see it. */
export interface JobView {
  id: JobId;
  type: string;
  status: 'queued' | 'processing' | 'waiting' | 'completed' | 'declined' | 'failed';
  createdAt: string;
  finishedAt?: string;
  /** How far a long job is. */
  progress?: { done: number; total: number };
  result?: unknown;
  problem?: ProblemDocument;
  links: Record<string, string>;
}

/** A job that has not ended. */
export function pendingJob(job: {
  id: JobId;
  type: string;
  status: 'queued' | 'processing' | 'failed';
  receivedAt: Instant | string;
}): JobView {
  return {
    id: job.id,
    type: job.type,
    status: job.status,
    createdAt: new Date(job.receivedAt).toISOString(),
    links: { self: jobPath(job.id) },
  };
}

/** A job that has ended, with what came of it. */
export async function endedJob(
  books: Books,
  businessId: BusinessId,
  job: EndedJob,
): Promise<JobView> {
  const view: JobView = {
    id: job.id,
    type: job.type,
    status: job.status,
    createdAt: new Date(job.receivedAt).toISOString(),
    links: { self: jobPath(job.id) },
  };
  if (job.status !== 'waiting') view.finishedAt = new Date(job.finishedAt).toISOString();
  if (job.problem) {
    const { code, detail } = job.problem;
    view.problem = problemDocument(new Problem(problemCode(code), detail ? { detail } : {}));
  }
  if (job.result) view.result = job.result;
  if (job.transactionId) {
    // A sale's answer is kept with the sale.
    if (!job.result) {
      const found = await books.findTransaction(businessId, { id: job.transactionId });
      if (found) view.result = { transaction: found.outcome };
    }
    const shown = saleOf(job) ?? job.transactionId;
    view.links['transaction'] = `/v1/pos/transactions/${shown}`;
  }
  return view;
}

/** A refund is shown with its sale, and so is what a held sale gave once it was approved. */
function saleOf({ result }: EndedJob): string | undefined {
  const refund = fieldOf(result, 'refund');
  const sale =
    fieldOf(refund, 'transactionId') ?? fieldOf(fieldOf(result, 'transaction'), 'saleId');
  return typeof sale === 'string' ? sale : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Where a job can be asked for. */
export function jobPath(id: JobId): string {
  return `/v1/jobs/${id}`;
}
