import { Queue, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';
import { waitForever } from '../redis/connection.ts';

const QUEUE = 'webhooks';

export interface WebhookRunsOptions {
  redisUrl: string;
  prefix: string;
  /** Endpoints that this process sends to at once. */
  concurrency: number;
  /** Sends what is due to one endpoint; `more` when there is more than its turn allows. */
  run: (target: EndpointTarget) => Promise<'idle' | 'more'>;
  log: Logger;
}

/**
 * Turns of endpoints: a job is one endpoint's turn, and there is never more than one of each, in
 * whatever process. What there is to send stands in PostgreSQL; a turn that is lost is found by the
 * next look.
 */
export async function startWebhookRuns(options: WebhookRunsOptions) {
  const { prefix, log } = options;
  const connection = { url: options.redisUrl, ...waitForever };
  const queue = new Queue<EndpointTarget, 'idle' | 'more'>(QUEUE, {
    prefix,
    connection,
    skipVersionCheck: true,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', (error) => log.warn({ reason: error.message }, 'webhook queue trouble'));
  const worker = new Worker<EndpointTarget, 'idle' | 'more'>(
    QUEUE,
    (job) => options.run(job.data),
    {
      prefix,
      connection,
      concurrency: options.concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      maxStalledCount: 50,
    },
  );
  worker.on('error', (error) => log.warn({ reason: error.message }, 'webhook queue trouble'));
  worker.on('failed', (job, error) =>
    log.warn({ err: error, endpointId: job?.data.endpointId }, 'a turn of an endpoint broke off'),
  );
  worker.on('completed', (job, result) => {
    if (result !== 'more') return;
    wake([job.data]).catch((error: Error) =>
      log.warn({ reason: error.message }, 'an endpoint waits for the next look at what is due'),
    );
  });
  await worker.waitUntilReady();

  async function wake(targets: readonly EndpointTarget[]): Promise<void> {
    if (targets.length === 0) return;
    await queue.addBulk(
      targets.map((data) => ({ name: 'send', data, opts: { jobId: data.endpointId } })),
    );
  }
  return {
    /** Gives endpoints their turn, unless they are having it or wait for it. */
    wake,
    /** Resolves when the turns under way have ended. */
    async stop(): Promise<void> {
      await worker.close();
      await queue.close();
    },
  };
}
