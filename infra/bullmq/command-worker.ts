import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { Envelope } from '../../queues/envelope.ts';
import { type QueueName, queuePolicies, retryDelayMs } from '../../queues/queues.ts';
import { waitForever } from '../redis/connection.ts';

export interface CommandWorkerOptions {
  queue: QueueName;
  redisUrl: string;
  prefix: string;
  concurrency: number;
  /** Brings one message to its end; throws to have it tried again. */
  process: (envelope: unknown) => Promise<void>;
  /** Told when a job has used up its tries and is parked for ops. */
  onParked: (envelope: Envelope, error: Error) => Promise<void>;
  /** Told of every try that failed, every job that is parked, and every one taken over. */
  onTrouble?: (kind: 'failed' | 'parked' | 'stalled') => void;
  log: Logger;
}

/** A message that no try will ever bring to its end. */
export class PoisonMessageError extends UnrecoverableError {
  override readonly name = 'PoisonMessageError';
}

/**
 * Takes messages off a queue. A worker that dies is noticed after at most 15 s (lock 10 s, looked
 * for every 5 s) and its jobs are done again by whoever is alive; `maxStalledCount` is high because
 * BullMQ's default of 1 fails a job for good at its second crash.
 */
export function startCommandWorker(options: CommandWorkerOptions): Worker<Envelope> {
  const { log } = options;
  const policy = queuePolicies[options.queue];
  const worker = new Worker<Envelope>(
    options.queue,
    async (job) => {
      await options.process(job.data);
    },
    {
      connection: { url: options.redisUrl, ...waitForever },
      prefix: options.prefix,
      concurrency: options.concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 50,
      settings: {
        backoffStrategy: (attemptsMade) => retryDelayMs(options.queue, attemptsMade, Math.random()),
      },
    },
  );
  worker.on('error', (error) => log.warn({ reason: error.message }, 'queue trouble'));
  worker.on('stalled', (jobId) => {
    options.onTrouble?.('stalled');
    log.warn({ jobId }, 'job taken over from a worker that died');
  });
  worker.on('failed', (job: Job<Envelope> | undefined, error) => {
    if (!job) return;
    const final = job.attemptsMade >= policy.attempts || error instanceof UnrecoverableError;
    log[final ? 'error' : 'warn'](
      { err: error, jobId: job.id, try: job.attemptsMade },
      'job failed',
    );
    options.onTrouble?.(final ? 'parked' : 'failed');
    if (!final) return;
    options.onParked(job.data, error).catch((parkError: unknown) => {
      log.error({ err: parkError, jobId: job.id }, 'could not note a parked job');
    });
  });
  return worker;
}
