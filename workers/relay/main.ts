import { connectCommandQueues } from '../../infra/bullmq/command-queue.ts';
import { startJobSchedulers } from '../../infra/bullmq/job-schedulers.ts';
import { queueUrlsOf, readWorkerConfig } from '../../infra/config/config.ts';
import { assertDatabaseRole } from '../../infra/postgres/assert-role.ts';
import { createDueBusinesses } from '../../infra/postgres/due-businesses.ts';
import { measureOutbox } from '../../infra/postgres/outbox-measure.ts';
import { createOutbox } from '../../infra/postgres/outbox.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createWebhookDestination } from '../../infra/postgres/webhook-destination.ts';
import { connectRedis, untilReady, waitForever } from '../../infra/redis/connection.ts';
import { createHoldingsDropper } from '../../infra/redis/holdings-cache.ts';
import { createHoldingsDestination } from '../../infra/redis/outbox-holdings.ts';
import { createOpenScreens } from '../../infra/redis/open-screens.ts';
import { createAppMetrics } from '../../infra/telemetry/catalogue.ts';
import { startEmf } from '../../infra/telemetry/emf.ts';
import { createSqs } from '../../infra/sqs/client.ts';
import { createQueueDestinations } from '../../infra/sqs/queue-destination.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import { serveMetrics } from '../../infra/telemetry/metrics-server.ts';
import {
  createFactCounter,
  observeDestination,
} from '../../infra/telemetry/observe-destination.ts';
import { runUntilStopped } from '../../infra/telemetry/process-lifecycle.ts';
import { startTracing } from '../../infra/telemetry/tracing.ts';
import { watchStores } from '../../infra/telemetry/watch.ts';
import { runTick } from '../schedules/run-schedules.ts';
import { findSchedule, schedules } from '../schedules/schedules.ts';
import { startRelay } from './relay.ts';
import { openTransactionLog, startSending } from './wiring.ts';

const config = readWorkerConfig(process.env);
const log = createLog({ process: 'relay', level: config.LOG_LEVEL });
const metrics = createAppMetrics();
const tracing = await startTracing({
  service: 'relay',
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  ratio: config.OTEL_TRACES_SAMPLER_ARG,
  log,
});
const pool = createPool({
  url: config.WORKER_DATABASE_URL,
  applicationName: 'relay',
  // One that claims, one for schedules, two for destinations that catch up.
  maxConnections: 4,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 15_000,
  log,
});
await assertDatabaseRole(pool, log);
const redis = connectRedis({
  url: config.REDIS_URL,
  settings: waitForever,
  log,
  purpose: 'relay',
});
await untilReady(redis, 10_000);

const sqs = createSqs({
  region: config.AWS_REGION,
  endpoint: config.SQS_ENDPOINT,
  env: process.env,
});
const outbox = createOutbox({ pool, url: config.WORKER_DATABASE_URL, log });
const relay = startRelay({
  outbox,
  destinations: [
    createOpenScreens(redis, config.REDIS_PREFIX),
    createHoldingsDestination(createHoldingsDropper(redis, config.REDIS_PREFIX)),
    createWebhookDestination(() => Date.now()),
    ...createQueueDestinations(sqs, queueUrlsOf(config)),
    ...openTransactionLog(config, pool),
    createFactCounter(metrics),
  ].map((destination) =>
    observeDestination(destination, { metrics, tracing, now: () => Date.now() }),
  ),
  batchSize: 500,
  pollMs: 1_000,
  retryMs: 1_000,
  patienceMs: 250,
  onError: (error, destination) =>
    log.warn({ err: error, destination }, 'facts could not leave; trying again'),
});

const webhooks = await startSending({
  config,
  onNews: outbox.onWebhooks,
  metrics,
  tracing,
  log,
});

const queues = connectCommandQueues({
  redisUrl: config.REDIS_URL,
  prefix: config.REDIS_PREFIX,
  log,
});
const ticks = {
  findDueBusinesses: createDueBusinesses(pool),
  enqueue: (...message: Parameters<typeof queues.enqueue>) => queues.enqueue(...message),
};
const scheduler = await startJobSchedulers({
  redisUrl: config.REDIS_URL,
  prefix: config.REDIS_PREFIX,
  schedules: schedules.map(({ command, everyMs }) => ({ name: command, everyMs })),
  async onTick(name, at) {
    const schedule = findSchedule(name);
    if (!schedule) return;
    const sent = await runTick(ticks, schedule, at);
    log.debug({ schedule: name, sent }, 'tick');
  },
  log,
});

watchStores({
  metrics,
  queues: queues.queues,
  readOutbox: () => measureOutbox(pool),
  redis,
  now: () => Date.now(),
});
const telemetry = { metrics, log, host: config.METRICS_HOST, namespace: config.EMF_NAMESPACE };
const stopServing = await serveMetrics({ ...telemetry, port: config.RELAY_METRICS_PORT });
const stopEmf = startEmf({ ...telemetry, reporter: 'relay' });

runUntilStopped({
  log,
  async stop() {
    stopEmf();
    await stopServing();
    await scheduler.stop();
    await queues.close();
    await webhooks.stop();
    await relay.stop();
    await outbox.close();
    await pool.end();
    redis.disconnect();
    await tracing?.close();
  },
});
log.info({ event: 'ready' }, 'relay is up');
log.flush();
