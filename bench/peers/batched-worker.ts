/**
 * The product's worker, batches and all, for its purchases: with `WALL=on` as it is, with `WALL=off` as
 * it would be without row-level security, on a role that is not held to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { busyOnes, isConnectionError } from '../../infra/postgres/pool.ts';
import { createBatchers } from '../../workers/batching/batchers.ts';
import type { Handlers } from '../../workers/handlers/handler.ts';
import { setting } from './peer.ts';
import { startPurchaseWorker } from './purchase-worker.ts';

await startPurchaseWorker({
  name: 'batched-worker',
  // As in workers/main.ts, and the batch size of infra/config/config.ts.
  poolSize: 6,
  isWalled: setting('WALL') === 'on',
  batcherOf: ({ handle, tellFinished, log }) =>
    createBatchers({ 'record-purchase': handle } as Handlers, {
      maxSize: 100,
      isOutage: isConnectionError,
      busyOnes,
      sleep: (ms) => sleep(ms),
      onFinished: tellFinished,
      log,
    })['record-purchase'],
});
