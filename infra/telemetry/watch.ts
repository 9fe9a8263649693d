import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { WaitingFacts } from '../postgres/outbox-measure.ts';
import type { AppMetrics } from './catalogue.ts';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/** Has queues, outbox and Redis looked at whenever the metrics are read. One process does it for all. */
export function watchStores(options: {
  metrics: AppMetrics;
  queues: readonly Queue[];
  readOutbox: () => Promise<readonly WaitingFacts[]>;
  redis: Redis;
  now: () => number;
}): void {
  const { metrics, now } = options;
  metrics.beforeReading(async () => {
    await Promise.all(options.queues.map((queue) => watchQueue(metrics, queue, now())));
  });
  metrics.beforeReading(async () => {
    const waiting = await options.readOutbox();
    // A backlog that is empty again is not told of any more.
    metrics.outboxRows.clear();
    metrics.outboxOldestSeconds.clear();
    for (const { destination, count, oldestAt } of waiting) {
      metrics.outboxRows.of(destination ?? 'all').set(count);
      metrics.outboxOldestSeconds.of(destination ?? 'all').set(ageSeconds(oldestAt, now()));
    }
  });
  metrics.beforeReading(async () => {
    metrics.redisMemoryRatio.of().set(usedRatio(await options.redis.info('memory')));
  });
}

async function watchQueue(metrics: AppMetrics, queue: Queue, now: number): Promise<void> {
  const [counts, oldestAt] = await Promise.all([
    queue.getJobCounts(...STATES),
    oldestWaiting(queue),
  ]);
  for (const state of STATES) metrics.queueJobs.of(queue.name, state).set(counts[state] ?? 0);
  metrics.queueOldestSeconds.of(queue.name).set(ageSeconds(oldestAt, now));
}

/** When the job that has waited longest came; null when none waits. */
export async function oldestWaiting(queue: Queue): Promise<number | null> {
  const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
  return oldest?.timestamp ?? null;
}

/** Seconds since an instant that a clock elsewhere may have told; never negative. */
export function ageSeconds(since: number | null, now: number): number {
  return since === null ? 0 : Math.max(0, (now - since) / 1_000);
}

/** Used memory over its limit, of what Redis' `INFO memory` says; 0 where there is no limit. */
export function usedRatio(info: string): number {
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = read('maxmemory');
  return limit === 0 ? 0 : read('used_memory') / limit;
}
