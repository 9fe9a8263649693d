import type { JobId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import type { Books, EndedJob, PosPrincipal } from './ports.ts';
import { Problem, problemCode, type ProblemDocument, problemDocument } from './problems.ts';

/** A job as clients see it. */
export interface JobView {
  id: JobId;
  type: string;
  status: 'queued' | 'processing' | 'waiting' | 'completed' | 'declined' | 'failed';
  createdAt: string;
  finishedAt?: string;
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
  principal: PosPrincipal,
  job: EndedJob,
): Promise<JobView> {
  const view: JobView = {
    id: job.id,
    type: job.type,
    status: job.status,
    createdAt: new Date(job.receivedAt).toISOString(),
    finishedAt: new Date(job.finishedAt).toISOString(),
    links: { self: jobPath(job.id) },
  };
  if (job.problem) view.problem = problemDocument(new Problem(problemCode(job.problem.code)));
  if (job.transactionId) {
    const found = await books.findTransaction(principal.businessId, { id: job.transactionId });
    if (found) view.result = { transaction: found.outcome };
    view.links['transaction'] = `/v1/pos/transactions/${job.transactionId}`;
  }
  return view;
}

/** Where a job can be asked for. */
export function jobPath(id: JobId): string {
  return `/v1/jobs/${id}`;
}
