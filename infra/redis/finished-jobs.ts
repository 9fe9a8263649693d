import type { Redis } from 'ioredis';
import { FINISHED_JOBS_CHANNEL } from '../../queues/outcome.ts';

/** Tells edges which jobs have just ended: one message a batch. */
export function createFinishedJobsPublisher(redis: Redis, prefix: string) {
  const channel = `${prefix}:${FINISHED_JOBS_CHANNEL}`;
  return async (jobIds: readonly string[]): Promise<void> => {
    if (jobIds.length > 0) await redis.publish(channel, jobIds.join(' '));
  };
}

export interface FinishedJobs {
  /**
   * Resolves true when the job is told to have ended, false after `timeoutMs`. A hint only: a
   * message can be missed, so the caller looks the job up either way.
   */
  wait(jobId: string, timeoutMs: number): { ended: Promise<boolean>; cancel(): void };
}

/** One subscription for all who wait, instead of a listener per request. */
export async function subscribeFinishedJobs(redis: Redis, prefix: string): Promise<FinishedJobs> {
  const waiters = new Map<string, Set<() => void>>();
  const own = `${prefix}:${FINISHED_JOBS_CHANNEL}`;
  redis.on('message', (channel: string, message: string) => {
    if (waiters.size === 0 || channel !== own) return;
    for (const jobId of message.split(' ')) {
      for (const wake of waiters.get(jobId) ?? []) wake();
    }
  });
  await redis.subscribe(own);

  return {
    wait(jobId, timeoutMs) {
      let finish: (ended: boolean) => void = () => undefined;
      const ended = new Promise<boolean>((resolve) => (finish = resolve));
      const wake = () => settle(true);
      const timer = setTimeout(() => settle(false), timeoutMs);
      const waiting = waiters.get(jobId) ?? new Set();
      waiters.set(jobId, waiting.add(wake));

      function settle(value: boolean): void {
        clearTimeout(timer);
        waiting.delete(wake);
        if (waiting.size === 0) waiters.delete(jobId);
        finish(value);
      }
      return { ended, cancel: () => settle(false) };
    },
  };
}
