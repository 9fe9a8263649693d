import { z } from 'zod';
import type { CommandGate } from '../../command-gate.ts';
import { endedJob, type JobView, pendingJob } from '../../jobs.ts';
import type { Books, Caller, CommandQueue, FindProgress } from '../../ports.ts';
import { isMiss, Problem, problemCode } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema, jobSchema } from '../../schemas.ts';

/** `GET /v1/jobs/{id}`: what became of a post. */
export function getJobRoute(deps: {
  gate: CommandGate;
  books: Books;
  queue: CommandQueue;
  findProgress: FindProgress;
}) {
  async function find(
    principal: Caller,
    id: z.output<typeof params>['id'],
  ): Promise<JobView | undefined> {
    const ended = await deps.books.findJob(principal.businessId, id);
    if (ended && principal.kind === 'customer') {
      const sender = await deps.books.findSender(principal.businessId, id);
      if (!isSender(principal, sender)) return undefined;
    }
    if (ended) return endedJob(deps.books, principal.businessId, ended);
    const queued = await deps.queue.find(id);
    // Somebody else's job looks like none at all.
    if (queued?.envelope.businessId !== principal.businessId) return undefined;
    if (!isSender(principal, queued.envelope.principal)) return undefined;
    const { type, receivedAt } = queued.envelope;
    const job = pendingJob({ id, type, status: queued.state, receivedAt });
    const progress = queued.state === 'processing' ? await deps.findProgress(id) : undefined;
    return progress ? { ...job, progress } : job;
  }

  const params = z.object({ id: idSchema('job') });
  return defineRoute({
    name: 'get-job',
    method: 'get',
    path: '/v1/jobs/:id',
    tag: 'Jobs',
    summary: 'The outcome of a job',
    description:
      'With `?wait=N` the answer comes when the job ends, or after N seconds (at most 20).',
    scope: 'jobs:read',
    params,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(20).default(0) }),
    responses: { 200: { description: 'The job as it is now.', schema: jobSchema } },
    async handle({ params: { id }, query: { wait }, principal }) {
      const job = await find(principal, id);
      if (!job) throw new Problem('not-found');
      const body = await deps.gate.waitForEnd(principal, job, wait * 1_000);
      const headers: Record<string, string> = body.finishedAt ? {} : { 'Retry-After': '1' };
      return { status: 200, body, headers, ...(isMissed(body) && { missedJob: id }) };
    },
  });
}

/** Whether it was declined because nobody has the code that it named. */
function isMissed({ problem }: JobView): boolean {
  return problem !== undefined && isMiss(problemCode(problem.type));
}

/** Whether a job is for them to see: customers see their own, everybody else those of the business. */
function isSender(principal: Caller, sender: { kind: string; id: string } | undefined): boolean {
  if (principal.kind !== 'customer') return true;
  if (sender?.kind !== 'customer') return false;
  // Whoever was about to join was not a customer yet.
  return sender.id === principal.customerId || sender.id === principal.subject;
}
