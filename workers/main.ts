import { setTimeout as sleep } from 'node:timers/promises';
import { PoisonMessageError, startCommandWorker } from '../infra/bullmq/command-worker.ts';
import { readWorkerConfig } from '../infra/config/config.ts';
import { createLogoProcess } from '../infra/images/logo-process.ts';
import { idSource } from '../infra/ids/id-source.ts';
import { assertDatabaseRole } from '../infra/postgres/assert-role.ts';
import { createFailedJobWriter } from '../infra/postgres/job-store.ts';
import { busyOnes, createPool, isConnectionError } from '../infra/postgres/pool.ts';
import { onTouched } from '../infra/postgres/touched.ts';
import { assertDurableRedis } from '../infra/redis/assert-durable.ts';
import { createHoldingsDropper } from '../infra/redis/holdings-cache.ts';
import { connectRedis, untilReady, waitForever } from '../infra/redis/connection.ts';
import { createProgressWriter } from '../infra/redis/job-progress.ts';
import { createFinishedJobsPublisher } from '../infra/redis/finished-jobs.ts';
import { openFileStore } from '../infra/s3/file-store.ts';
import { createContactSealer } from '../infra/sealing/contact-sealer.ts';
import { createPersonalSealer } from '../infra/sealing/personal-sealer.ts';
import { createAppMetrics } from '../infra/telemetry/catalogue.ts';
import { startEmf } from '../infra/telemetry/emf.ts';
import { createLog } from '../infra/telemetry/log.ts';
import { serveMetrics } from '../infra/telemetry/metrics-server.ts';
import { observeHandlers } from '../infra/telemetry/observe-handlers.ts';
import { runUntilStopped } from '../infra/telemetry/process-lifecycle.ts';
import { startTracing } from '../infra/telemetry/tracing.ts';
import { concurrencyOf, queueNames } from '../queues/queues.ts';
import { createBatchers } from './batching/batchers.ts';
import { createHandlers } from './wiring.ts';
import { createMessageProcessor, UnreadableMessageError } from './process-message.ts';
import { failedJobOf } from './failed-job.ts';

const config = readWorkerConfig(process.env);
const log = createLog({ process: 'worker', level: config.LOG_LEVEL });
const metrics = createAppMetrics();
const tracing = await startTracing({
  service: 'worker',
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  ratio: config.OTEL_TRACES_SAMPLER_ARG,
  log,
});
const pool = createPool({
  url: config.WORKER_DATABASE_URL,
  applicationName: 'worker',
  maxConnections: 6,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 15_000,
  lookUpsOnly: true,
  log,
});
await assertDatabaseRole(pool, log);
const redis = connectRedis({
  url: config.REDIS_URL,
  settings: waitForever,
  log,
  purpose: 'worker',
});
await untilReady(redis, 10_000);
if (config.REDIS_DURABILITY === 'assert') await assertDurableRedis(redis);

const analysisPool = createPool({
  url: config.WORKER_DATABASE_URL,
  applicationName: 'worker-analyses',
  maxConnections: 1,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 60_000,
  log,
});
const figuresPool = createPool({
  url: config.WORKER_DATABASE_URL,
  applicationName: 'worker-figures',
  maxConnections: 1,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 60_000,
  sumsOnly: true,
  log,
});
const personal = createPersonalSealer(config.CONTACT_SEALING_KEY);
const handlers = createHandlers({
  pool,
  analysisPool,
  figuresPool,
  files: openFileStore(config, process.env),
  drawLogo: createLogoProcess(new URL('images.mjs', import.meta.url)),
  tellProgress: createProgressWriter(redis, config.REDIS_PREFIX),
  sealer: createContactSealer(config.CONTACT_SEALING_KEY),
  onDifference: () => metrics.ledgerDifferences.of().add(),
  log,
  personal,
});
const dropHoldings = createHoldingsDropper(redis, config.REDIS_PREFIX);
onTouched(pool, (touched) => {
  dropHoldings(touched).catch((error: unknown) => {
    // The relay drops them as well, when the facts leave.
    log.warn({ err: error }, 'could not drop what customers hold');
  });
});
const processMessage = createMessageProcessor(
  createBatchers(observeHandlers(handlers, { metrics, tracing, now: () => Date.now() }), {
    maxSize: config.WORKER_BATCH_SIZE,
    isOutage: isConnectionError,
    busyOnes,
    sleep: (ms) => sleep(ms),
    onFinished: createFinishedJobsPublisher(redis, config.REDIS_PREFIX),
    log,
  }),
  personal,
);
const noteFailedJob = createFailedJobWriter(pool, idSource);

const workers = queueNames.map((queue) =>
  startCommandWorker({
    queue,
    redisUrl: config.REDIS_URL,
    prefix: config.REDIS_PREFIX,
    concurrency: concurrencyOf(queue, config.WORKER_CONCURRENCY),
    async process(envelope) {
      try {
        await processMessage(envelope);
      } catch (error) {
        if (error instanceof UnreadableMessageError) throw new PoisonMessageError(error.message);
        throw error;
      }
    },
    onParked: (envelope) => noteFailedJob(failedJobOf(envelope)),
    onTrouble: (kind) => metrics.jobTrouble.of(queue, kind).add(),
    log,
  }),
);
await Promise.all(workers.map((worker) => worker.waitUntilReady()));

const telemetry = { metrics, log, host: config.METRICS_HOST, namespace: config.EMF_NAMESPACE };
const stopServing = await serveMetrics({ ...telemetry, port: config.WORKER_METRICS_PORT });
const stopEmf = startEmf({ ...telemetry, reporter: 'worker' });

runUntilStopped({
  log,
  async stop() {
    stopEmf();
    // Waits for the jobs under way, so that none has to be found stalled.
    await Promise.all(workers.map((worker) => worker.close()));
    await Promise.all([pool.end(), analysisPool.end(), figuresPool.end()]);
    redis.disconnect();
    await Promise.all([stopServing(), tracing?.close()]);
  },
});
log.info({ event: 'ready' }, 'worker is up');
log.flush();
