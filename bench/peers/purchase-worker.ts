/**
 * A worker that records purchases and nothing else, for peers that are the product's worker but for one
 * thing: same handler, same statements, same pool settings and same number of jobs at once.
 */
import { startCommandWorker } from '../../infra/bullmq/command-worker.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createPurchaseStore } from '../../infra/postgres/purchase-store.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { connectRedis, waitForever } from '../../infra/redis/connection.ts';
import { createFinishedJobsPublisher } from '../../infra/redis/finished-jobs.ts';
import { createContactSealer } from '../../infra/sealing/contact-sealer.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import type { Handler } from '../../workers/handlers/handler.ts';
import { createRecordPurchaseHandler } from '../../workers/handlers/record-purchase/record-purchase.ts';
import { type Batchers, createMessageProcessor } from '../../workers/process-message.ts';
import { announceReady, setting } from './peer.ts';

type RecordPurchase = Handler<'record-purchase'>;

/** What a peer makes its batcher of. */
export interface PurchaseWorkerParts {
  handle: RecordPurchase;
  tellFinished: (jobIds: readonly string[]) => Promise<void>;
  log: ReturnType<typeof createLog>;
}

/**
 * @param options.poolSize connections to PostgreSQL
 * @param options.isWalled whether statements name the businesses that they may see
 */
export async function startPurchaseWorker(options: {
  name: string;
  poolSize: number;
  isWalled: boolean;
  batcherOf: (parts: PurchaseWorkerParts) => Batchers['record-purchase'];
}): Promise<void> {
  const { name } = options;
  const log = createLog({ process: name, level: 'info' });
  const url = setting('REDIS_URL');
  const prefix = setting('REDIS_PREFIX');
  const pool = createPool({
    url: setting('WORKER_DATABASE_URL'),
    applicationName: name,
    maxConnections: options.poolSize,
    lockTimeoutMs: 2_000,
    statementTimeoutMs: 15_000,
    lookUpsOnly: true,
    log,
  });
  const redis = connectRedis({ url, settings: waitForever, log, purpose: name });
  const record = createRecordPurchaseHandler({
    store: createPurchaseStore(pool),
    ids: idSource,
    sealer: createContactSealer(setting('CONTACT_SEALING_KEY')),
  });
  const walled: RecordPurchase = (sales) =>
    inBusinesses(
      sales.map((sale) => sale.businessId),
      () => record(sales),
    );
  const batcher = options.batcherOf({
    handle: options.isWalled ? walled : record,
    tellFinished: createFinishedJobsPublisher(redis, prefix),
    log,
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
}
