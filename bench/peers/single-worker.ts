/** The product's worker without its batches: one database transaction a job. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionError } from '../../infra/postgres/pool.ts';
import type { PayloadOf } from '../../queues/registry.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import { createBatcher } from '../../workers/batching/batcher.ts';
import { startPurchaseWorker } from './purchase-worker.ts';

// As in workers/main.ts; here every connection may hold a transaction, not only two of them.
const POOL_SIZE = 4;

await startPurchaseWorker({
  name: 'single-worker',
  poolSize: POOL_SIZE,
  isWalled: true,
  batcherOf: ({ handle, tellFinished }) =>
    createBatcher<Envelope, CommandOutcome>({
      async process(messages) {
        // The message processor has parsed each payload by its command's schema.
        const outcomes = await handle(messages as Envelope<PayloadOf<'record-purchase'>>[]);
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
    }),
});
