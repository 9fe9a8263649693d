import { Queue, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { waitForever } from '../redis/connection.ts';

/** The queue of ticks. It holds one job a schedule: the next tick. */
const QUEUE = 'schedules';

export interface JobSchedulersOptions {
  redisUrl: string;
  prefix: string;
  schedules: readonly { name: string; everyMs: number }[];
  /** Does a tick; throws to have it tried again. `at` is when it was due. */
  onTick: (name: string, at: number) => Promise<void>;
  log: Logger;
}

/**
 * Runs schedules, however many processes start them: a schedule is a row in Redis, its next tick one
 * job, and each job is taken by one of them. Schedules that are not in the list any more are removed.
 * @returns stop: resolves when the tick under way has ended
 */
export async function startJobSchedulers(
  options: JobSchedulersOptions,
): Promise<{ stop: () => Promise<void> }> {
  const { log, prefix, redisUrl } = options;
  const connection = { url: redisUrl, ...waitForever };
  const queue = new Queue(QUEUE, { prefix, connection, skipVersionCheck: true });
  queue.on('error', (error) => log.warn({ reason: error.message }, 'schedule trouble'));
  for (const { name, everyMs } of options.schedules) {
    await queue.upsertJobScheduler(
      name,
      { every: everyMs },
      {
        name,
        opts: {
          attempts: 5,
          backoff: { type: 'exponential', delay: 1_000 },
          removeOnComplete: { count: 100 },
          removeOnFail: { count: 100 },
        },
      },
    );
  }
  const known = new Set(options.schedules.map(({ name }) => name));
  for (const { key } of await queue.getJobSchedulers()) {
    if (!known.has(key)) await queue.removeJobScheduler(key);
  }

  const worker = new Worker(
    QUEUE,
    // A tick is made when the one before begins, and due after its delay.
    (job) => options.onTick(job.name, job.timestamp + (job.opts.delay ?? 0)),
    { prefix, connection, concurrency: 1, lockDuration: 30_000, maxStalledCount: 50 },
  );
  worker.on('error', (error) => log.warn({ reason: error.message }, 'schedule trouble'));
  worker.on('failed', (job, error) =>
    log.error({ err: error, schedule: job?.name }, 'tick failed'),
  );
  await worker.waitUntilReady();
  return {
    async stop() {
      await worker.close();
      await queue.close();
    },
  };
}
