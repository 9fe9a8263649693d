/** What the queue alone can do: a worker like the product's whose jobs are done at once. */
import { Worker } from 'bullmq';
import { waitForever } from '../../infra/redis/connection.ts';
import { announceReady, setting } from './peer.ts';

const worker = new Worker('transactions', async () => undefined, {
  connection: { url: setting('REDIS_URL'), ...waitForever },
  prefix: setting('REDIS_PREFIX'),
  // The rest as in infra/bullmq/command-worker.ts, and the concurrency of infra/config/config.ts.
  concurrency: Number(setting('WORKER_CONCURRENCY')),
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 50,
});
await worker.waitUntilReady();
announceReady();
