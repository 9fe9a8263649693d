/**
 * The product's worker without its batches: one database transaction a job. Same handler, same
 * statements, same pool and same number of jobs at once, so that the difference is the batching.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startCommandWorker } from '../../infra/bullmq/command-worker.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createPool, isConnectionError } from '../../infra/postgres/pool.ts';
import { createPurchaseStore } from '../../infra/postgres/purchase-store.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { connectRedis, waitForever } from '../../infra/redis/connection.ts';
import { createFinishedJobsPublisher } from '../../infra/redis/finished-jobs.ts';
import { createContactSealer } from '../../infra/sealing/contact-sealer.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import type { PayloadOf } from '../../queues/registry.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import { createBatcher } from '../../workers/batching/batcher.ts';
import { createRecordPurchaseHandler } from '../../workers/handlers/record-purchase/record-purchase.ts';
import { type Batchers, createMessageProcessor } from '../../workers/process-message.ts';
import { announceReady, setting } from './peer.ts';

// As in workers/main.ts; here every connection may hold a transaction, not only two of them.
const POOL_SIZE = 4;
const log = createLog({ process: 'single-worker', level: 'info' });
const url = setting('REDIS_URL');
const prefix = setting('REDIS_PREFIX');
const pool = createPool({
  url: setting('WORKER_DATABASE_URL'),
  applicationName: 'single-worker',
  maxConnections: POOL_SIZE,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 15_000,
  lookUpsOnly: true,
  log,
});
const redis = connectRedis({ url, settings: waitForever, log, purpose: 'single-worker' });
const tellFinished = createFinishedJobsPublisher(redis, prefix);
const handle = createRecordPurchaseHandler({
  store: createPurchaseStore(pool),
  ids: idSource,
  sealer: createContactSealer(setting('CONTACT_SEALING_KEY')),
});
const batcher = createBatcher<Envelope, CommandOutcome>({
  async process(messages) {
    // The message processor has parsed each payload by its command's schema.
    const sales = messages as Envelope<PayloadOf<'record-purchase'>>[];
    const businesses = sales.map((sale) => sale.businessId);
    const outcomes = await inBusinesses(businesses, () => handle(sales));
    void tellFinished(messages.map((message) => message.id));
    return outcomes;
  },
  maxSize: 1,
  maxConcurrent: POOL_SIZE,
  lingerMs: 0,
  patienceMs: 0,
  isOutage: isConnectionError,
  outageRetriesMs: [],
  sleep: (ms) => sleep(ms),
});
const processMessage = createMessageProcessor({ 'record-purchase': batcher } as Batchers);
const worker = startCommandWorker({
  queue: 'transactions',
  redisUrl: url,
  prefix,
  concurrency: Number(setting('WORKER_CONCURRENCY')),
  async process(envelope) {
    await processMessage(envelope);
  },
  onParked: () => Promise.resolve(),
  log,
});
await worker.waitUntilReady();
announceReady();
