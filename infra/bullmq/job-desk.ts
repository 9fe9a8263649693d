import { hash } from 'node:crypto';
import type { Job, JobType, Queue } from 'bullmq';
import type { Envelope } from '../../queues/envelope.ts';
import { oldestWaiting } from '../telemetry/watch.ts';

type EnvelopeQueue = Queue<Envelope, void>;
type State = 'waiting' | 'active' | 'delayed' | 'failed';

const STATES: readonly State[] = ['failed', 'delayed', 'active', 'waiting'];
/** Jobs read at once: a page is forgotten before the next is read, for the edge has little memory. */
const PAGE = 100;
/** Jobs of one state and queue that are looked at. */
const MOST = 1_000;

interface FailureGroup {
  key: string;
  queue: string;
  type: string;
  error: string;
  jobIds: string[];
  businesses: number;
  firstAt: number;
  lastAt: number;
}

/** Looks into the queues and moves jobs, for the operators' pages. */
export function createJobDesk(queues: readonly EnvelopeQueue[]) {
  const byName = new Map(queues.map((queue) => [queue.name, queue]));

  async function* jobsOf(queue: EnvelopeQueue, state: State): AsyncGenerator<Job<Envelope>> {
    for (let start = 0; start < MOST; start += PAGE) {
      const jobs = await queue.getJobs([state], start, start + PAGE - 1);
      for (const job of jobs) if (job) yield job;
      if (jobs.length < PAGE) return;
    }
  }

  async function jobOf(queue: string, id: string): Promise<Job<Envelope> | undefined> {
    return byName.get(queue)?.getJob(id);
  }

  return {
    queues: () => Promise.all(queues.map(describeQueue)),

    async find(id: string) {
      for (const queue of queues) {
        const job: Job<Envelope> | undefined = await queue.getJob(id);
        if (job) return describeJob(job, queue.name, stateOf(await job.getState()));
      }
      return undefined;
    },

    async search(
      matches: (envelope: Envelope, error: string | undefined) => boolean,
      limit: number,
    ) {
      const found: ReturnType<typeof describeJob>[] = [];
      for (const queue of queues) {
        for (const state of STATES) {
          for await (const job of jobsOf(queue, state)) {
            if (!matches(job.data, job.failedReason)) continue;
            found.push(describeJob(job, queue.name, state));
            if (found.length >= limit) return found;
          }
        }
      }
      return found;
    },

    async failures() {
      const groups = new Map<string, FailureGroup & { of: Set<string> }>();
      let looked = 0;
      for (const queue of queues) {
        for await (const job of jobsOf(queue, 'failed')) {
          looked += 1;
          addToGroup(groups, job, queue.name);
        }
      }
      const counts = await Promise.all(queues.map((queue) => queue.getJobCounts('failed')));
      const failed = counts.reduce((sum, count) => sum + (count['failed'] ?? 0), 0);
      return {
        groups: [...groups.values()]
          .map(({ of, ...group }) => ({ ...group, businesses: of.size }))
          .sort((a, b) => b.lastAt - a.lastAt),
        looked,
        failed,
      };
    },

    async retry(queue: string, id: string): Promise<boolean> {
      const job = await jobOf(queue, id);
      return job !== undefined && succeeds(job.retry('failed', { resetAttemptsMade: true }));
    },

    async promote(queue: string, id: string): Promise<boolean> {
      const job = await jobOf(queue, id);
      return job !== undefined && succeeds(job.promote());
    },

    async pause(queue: string): Promise<void> {
      await byName.get(queue)?.pause();
    },

    async resume(queue: string): Promise<void> {
      await byName.get(queue)?.resume();
    },
  };
}

/** An error without what differs from job to job: ids, numbers, what stands in quotes. */
export function errorKind(reason: string): string {
  return (reason.split('\n')[0] ?? '')
    .replaceAll(/\b[a-z]{3}_[0-9a-z]{26}\b/g, '…')
    .replaceAll(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/gi, '…')
    .replaceAll(/"[^"]{1,200}"/g, '"…"')
    .replaceAll(/\d+/g, '0')
    .slice(0, 200);
}

function addToGroup(
  groups: Map<string, FailureGroup & { of: Set<string> }>,
  job: Job<Envelope>,
  queue: string,
): void {
  const error = errorKind(job.failedReason ?? '');
  const key = hash('sha256', JSON.stringify([queue, job.name, error]), 'base64url').slice(0, 16);
  const at = job.finishedOn ?? job.timestamp;
  const group = groups.get(key) ?? {
    key,
    queue,
    type: job.name,
    error,
    jobIds: [],
    businesses: 0,
    of: new Set<string>(),
    firstAt: at,
    lastAt: at,
  };
  group.jobIds.push(job.id ?? '');
  group.of.add(job.data.businessId);
  group.firstAt = Math.min(group.firstAt, at);
  group.lastAt = Math.max(group.lastAt, at);
  groups.set(key, group);
}

async function describeQueue(queue: EnvelopeQueue) {
  const [counts, isPaused, oldestAt] = await Promise.all([
    queue.getJobCounts(...STATES),
    queue.isPaused(),
    oldestWaiting(queue),
  ]);
  const count = (state: JobType) => counts[state] ?? 0;
  return {
    name: queue.name,
    isPaused,
    waiting: count('waiting'),
    active: count('active'),
    delayed: count('delayed'),
    failed: count('failed'),
    oldestAt,
  };
}

function describeJob(job: Job<Envelope>, queue: string, state: State | 'completed') {
  return {
    queue,
    envelope: job.data,
    state,
    tries: job.attemptsMade,
    error: job.failedReason,
    stack: (job.stacktrace ?? []).at(-1)?.split('\n') ?? [],
    finishedAt: job.finishedOn,
  };
}

function stateOf(state: string): State | 'completed' {
  if (state === 'completed') return state;
  return STATES.find((known) => known === state) ?? 'waiting';
}

/** BullMQ throws for a job that is not in the state it is to be taken out of. */
async function succeeds(move: Promise<void>): Promise<boolean> {
  try {
    await move;
    return true;
  } catch (error) {
    // Its own errors have a negative code; everything else is an outage.
    if (error instanceof Error && 'code' in error && Number(error.code) < 0) return false;
    throw error;
  }
}
