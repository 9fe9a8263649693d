import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import type { BusinessId } from '../domain/values/ids.ts';
import { createJobDesk } from '../infra/bullmq/job-desk.ts';
import { connectCommandQueues } from '../infra/bullmq/command-queue.ts';
import { queueUrlsOf, readEdgeConfig, readOperators } from '../infra/config/config.ts';
import { idSource } from '../infra/ids/id-source.ts';
import { findApiKey } from '../infra/postgres/api-keys.ts';
import { assertDatabaseRole } from '../infra/postgres/assert-role.ts';
import { createFiguresReader } from '../infra/postgres/analytics/reader.ts';
import { createReportReader } from '../infra/postgres/reports.ts';
import { createApprovalReader } from '../infra/postgres/approvals.ts';
import { createCardPages } from '../infra/postgres/card-pages.ts';
import { createLedgerReader } from '../infra/postgres/ledger-reader.ts';
import { createCustomerArchive } from '../infra/postgres/archive.ts';
import { openFileStore, publicFilesOf } from '../infra/s3/file-store.ts';
import { createExportReader } from '../infra/postgres/export-reader.ts';
import { createImportReader } from '../infra/postgres/import-reader.ts';
import { createBooks } from '../infra/postgres/books.ts';
import { createCardReader, findOwnReward, findRewardOwner } from '../infra/postgres/card-reader.ts';
import { createCounterBooks } from '../infra/postgres/counter-books.ts';
import { createConfigCache } from '../infra/postgres/config-cache.ts';
import { createOfferReader } from '../infra/postgres/offer-reader.ts';
import { findHoldings } from '../infra/postgres/holdings.ts';
import { createHistoryReader } from '../infra/postgres/history-reader.ts';
import { createCustomerDirectory } from '../infra/postgres/customer-directory.ts';
import { connectOrm } from '../infra/postgres/orm.ts';
import { createOpsReader } from '../infra/postgres/ops-reader.ts';
import { createPool } from '../infra/postgres/pool.ts';
import { createEndpointReader, createWebhookReader } from '../infra/postgres/webhook-reader.ts';
import { createPublicPages } from '../infra/postgres/public-pages.ts';
import { createPurchaseReader } from '../infra/postgres/purchase-store.ts';
import { createRewardReader } from '../infra/postgres/reward-reader.ts';
import { createSetupReader } from '../infra/postgres/setup-reader.ts';
import { inBusinesses } from '../infra/postgres/tenant.ts';
import { createApiKeyCache } from '../infra/redis/api-key-cache.ts';
import { assertDurableRedis } from '../infra/redis/assert-durable.ts';
import { connectRedis, failFast, untilReady, waitForever } from '../infra/redis/connection.ts';
import { createKeyUse } from '../infra/redis/key-use.ts';
import { createProgressReader } from '../infra/redis/job-progress.ts';
import { subscribeFinishedJobs } from '../infra/redis/finished-jobs.ts';
import { createUsedCodes } from '../infra/redis/used-codes.ts';
import { createRateBucketStore } from '../infra/redis/rate-bucket-store.ts';
import { createRateLimitStore } from '../infra/redis/rate-limit-store.ts';
import { createCardNews } from '../infra/redis/open-screens.ts';
import { createHoldingsCache } from '../infra/redis/holdings-cache.ts';
import { createRequestClaims } from '../infra/redis/request-claims.ts';
import { createApiKeySecrets } from '../infra/sealing/api-key-secrets.ts';
import { createContactSealer } from '../infra/sealing/contact-sealer.ts';
import { createPersonalSealer } from '../infra/sealing/personal-sealer.ts';
import { createMailLinks } from '../infra/sealing/mail-links.ts';
import { createRotatingCodeKeys } from '../infra/sealing/rotating-code-keys.ts';
import { createCursorSealer } from '../infra/sealing/cursor-sealer.ts';
import { createSqs } from '../infra/sqs/client.ts';
import { createDeadLetters } from '../infra/sqs/dead-letters.ts';
import { createAppMetrics } from '../infra/telemetry/catalogue.ts';
import { startEmf } from '../infra/telemetry/emf.ts';
import { createWebhookSecrets } from '../infra/sealing/webhook-secrets.ts';
import { refusalOfUrl } from '../infra/webhooks/receiver-address.ts';
import { closeServer, createHttpServer, listen } from '../infra/telemetry/http-server.ts';
import { createLog } from '../infra/telemetry/log.ts';
import { watchLoopDelay } from '../infra/telemetry/loop-delay.ts';
import { isOutage } from '../infra/telemetry/outage.ts';
import { runUntilStopped } from '../infra/telemetry/process-lifecycle.ts';
import { measureRequests } from '../infra/telemetry/measure-requests.ts';
import { traceEnqueue, traceRequests } from '../infra/telemetry/trace-requests.ts';
import { startTracing } from '../infra/telemetry/tracing.ts';
import { routesOf } from './apis.ts';
import { createApp } from './app.ts';
import { CommandGate } from './command-gate.ts';
import { withLastUse } from './key-use.ts';
import { createLiveScreens } from './live-screens.ts';
import { createOpsApp } from './ops/app.ts';
import { createDeadLetterDesk } from './ops/dead-letter-desk.ts';
import { createNoteOperation } from './ops/note-operation.ts';
import { createReplayWebhooks } from './ops/replay-webhooks.ts';
import type { Scope } from './ports.ts';
import { createRotatingCodes } from './rotating-codes.ts';
import type { StoreName } from './routes/health/router.ts';
import { createRoutes } from './routes/index.ts';
import { createPeople, openDocuments } from './wiring.ts';

const config = readEdgeConfig(process.env);
const log = createLog({ process: 'edge', level: config.LOG_LEVEL });
const metrics = createAppMetrics();
const tracing = await startTracing({
  service: 'edge',
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  ratio: config.OTEL_TRACES_SAMPLER_ARG,
  isFirst: true,
  log,
});
const { REDIS_URL: redisUrl, REDIS_PREFIX: prefix, EDGE_DATABASE_URL: databaseUrl } = config;

const pool = createPool({
  url: databaseUrl,
  applicationName: 'edge',
  maxConnections: 3,
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 5_000,
  lookUpsOnly: true,
  log,
});
await assertDatabaseRole(pool, log);
// Apart, so that nobody's sale waits behind a year's figures; it connects when somebody asks.
const figuresPool = createPool({
  url: databaseUrl,
  applicationName: 'edge-figures',
  maxConnections: 2,
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 10_000,
  sumsOnly: true,
  log,
});
const orm = connectOrm({ url: databaseUrl, applicationName: 'edge-orm', maxConnections: 4 });
const redis = connectRedis({ url: redisUrl, settings: failFast, log, purpose: 'edge' });
const subscriber = connectRedis({
  url: redisUrl,
  settings: waitForever,
  log,
  purpose: 'edge-subscriber',
});
await untilReady(redis, 10_000);
if (config.REDIS_DURABILITY === 'assert') await assertDurableRedis(redis);

const queues = connectCommandQueues({ redisUrl, prefix, log });
const loadConfigs = createConfigCache();
const now = () => Date.now();
const mailLinks = createMailLinks(config.CONTACT_SEALING_KEY);
const inBusiness = <T>(businessId: BusinessId, work: () => T) => inBusinesses([businessId], work);
const documents = openDocuments({ config, pool, now, log });
const books = createBooks({
  pool,
  loadConfigs,
  documents,
  keepHoldings: createHoldingsCache({ redis, prefix, now }),
});
const personal = createPersonalSealer(config.CONTACT_SEALING_KEY);
const gate = new CommandGate({
  queue: {
    enqueue: traceEnqueue((...message) => queues.enqueue(...message), tracing),
    find: (id) => queues.find(id),
  },
  books,
  claimRequest: createRequestClaims(redis, prefix),
  finishedJobs: await subscribeFinishedJobs(subscriber, prefix),
  personal,
  now,
  onAway: (error) => log.warn({ err: error }, 'a store is away'),
});
const screens = createLiveScreens({
  news: createCardNews(subscriber, prefix),
  readHoldings: async (...customer) =>
    (await findHoldings({ pool, loadConfigs, now: now() }, ...customer)).value,
  inBusiness,
  heartbeatMs: 20_000,
  random: () => Math.random(),
  onTrouble: (error) => log.warn({ err: error }, 'a screen could not be kept up to date'),
});
const counter = createCounterBooks(pool);
const fileUrl = publicFilesOf(config);
const setup = createSetupReader({ fileUrl });
const keyUse = createKeyUse({ redis, prefix, now });
const people = createPeople({ config, pool, redis, gate, now, log });
const routes = createRoutes({
  ...people,
  inBusiness,
  gate,
  books,
  queue: queues,
  screens,
  reader: createPurchaseReader({ pool, loadConfigs }),
  setup: {
    ...setup,
    apiKeys: withLastUse(setup.apiKeys, (ids) => keyUse.lastUsed(ids)),
    webhookEndpoints: createEndpointReader(pool),
  },
  history: createHistoryReader(pool, documents),
  figures: createFiguresReader(figuresPool),
  reports: createReportReader(pool),
  pages: createPublicPages({ pool, loadConfigs, now, fileUrl }),
  cardPages: createCardPages({ pool, loadConfigs, documents, now }),
  ledger: createLedgerReader(pool),
  approvals: createApprovalReader(pool),
  offers: createOfferReader({ pool, now }),
  rewards: createRewardReader({ pool, loadConfigs }),
  cursors: createCursorSealer(config.CONTACT_SEALING_KEY),
  secrets: createApiKeySecrets(config.CONTACT_SEALING_KEY),
  webhooks: createWebhookReader(pool),
  webhookSecrets: createWebhookSecrets(config.CONTACT_SEALING_KEY),
  refusalOfUrl: (url) => refusalOfUrl(url, { allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
  sealer: createContactSealer(config.CONTACT_SEALING_KEY),
  customers: createCustomerDirectory(pool),
  archive: createCustomerArchive(pool),
  imports: createImportReader(pool),
  exports: createExportReader(pool),
  files: openFileStore(config, process.env),
  programsOf: async (businessId) =>
    (await loadConfigs(pool, [businessId])).get(businessId)?.programs ?? [],
  cards: createCardReader(pool, documents),
  codes: createRotatingCodes({
    findCardByCode: (...card) => counter.findCardByCode(...card),
    keys: createRotatingCodeKeys(config.CONTACT_SEALING_KEY),
    burn: createUsedCodes(redis, prefix),
  }),
  findOwnReward: (...reward) => findOwnReward(pool, ...reward),
  rewardOwners: (businessId, code) => findRewardOwner(pool, businessId, code),
  isSamePerson: (...people) => counter.isSamePerson(...people),
  personal,
  readMailLink: (token) => mailLinks.read(token),
  ids: idSource,
  now,
  findProgress: createProgressReader(redis, prefix),
});

const rateLimitStore = createRateLimitStore(redis, prefix);
const app = createApp({
  routes: routesOf(routes, config.EDGE_APIS),
  findApiKey: keyUse.noting(
    createApiKeyCache({ redis, prefix, find: (hash) => findApiKey<Scope>(pool, hash), now }),
  ),
  findPerson: people.findPerson,
  rateLimitStore,
  rateBucketStore: createRateBucketStore(redis, prefix),
  guard: {
    store: rateLimitStore,
    missesPerMinute: config.MISSES_PER_MINUTE,
    onGuessing: () => metrics.guessing.of().add(),
    log,
  },
  requestsPerMinute: {
    key: config.POS_REQUESTS_PER_MINUTE,
    person: config.PERSON_REQUESTS_PER_MINUTE,
    address: config.ADDRESS_REQUESTS_PER_MINUTE,
  },
  trustedProxyHops: config.TRUSTED_PROXY_HOPS,
  openApiDocument: fileURLToPath(new URL('openapi/openapi.json', import.meta.url)),
  isOutage,
  inBusiness,
  onAnswered: measureRequests(metrics),
  delayMs: watchLoopDelay().delayMs,
  trace: tracing && traceRequests(tracing),
  async health() {
    const away: StoreName[] = [];
    const missing = (name: StoreName) => (error: unknown) => {
      away.push(name);
      log.warn({ err: error, store: name }, 'a store is away');
    };
    await Promise.all([
      redis.ping().catch(missing('redis')),
      pool.query('SELECT 1').catch(missing('postgres')),
    ]);
    return away;
  },
  log,
});
const opsApp = createOpsApp({
  queues: queues.queues,
  desk: createJobDesk(queues.queues),
  books: createOpsReader(pool),
  sealer: createContactSealer(config.CONTACT_SEALING_KEY),
  note: createNoteOperation({
    enqueue: (...message) => queues.enqueue(...message),
    newKey: randomUUID,
    now,
  }),
  deadLetters: createDeadLetterDesk(
    createDeadLetters({
      sqs: createSqs({
        region: config.AWS_REGION,
        endpoint: config.SQS_ENDPOINT,
        env: process.env,
      }),
      queueUrls: queueUrlsOf(config),
    }),
  ),
  replayWebhooks: createReplayWebhooks({
    enqueue: (...message) => queues.enqueue(...message),
    newKey: randomUUID,
    now,
  }),
  accounts: readOperators(config),
  now,
  log,
  readMetrics: () => metrics.text(),
});

const httpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  maxHeaderBytes: 16_384,
  checkEveryMs: 1_000,
};
const server = createHttpServer(app, httpLimits);
const opsServer = createHttpServer(opsApp, httpLimits);
await listen(server, { port: config.EDGE_PORT, host: config.EDGE_HOST });
await listen(opsServer, { port: config.OPS_PORT, host: config.OPS_HOST });

const stopEmf = startEmf({ metrics, namespace: config.EMF_NAMESPACE, reporter: 'edge', log });

runUntilStopped({
  log,
  async stop() {
    stopEmf();
    screens.close();
    await Promise.all([closeServer(server), closeServer(opsServer)]);
    await Promise.all([queues.close(), pool.end(), figuresPool.end(), orm.close()]);
    redis.disconnect();
    subscriber.disconnect();
    await tracing?.close();
  },
});
log.info({ event: 'ready', port: config.EDGE_PORT, opsPort: config.OPS_PORT }, 'edge is up');
log.flush();
