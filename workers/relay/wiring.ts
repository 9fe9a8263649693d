import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';
import { TIMEOUT_MS } from '../../domain/webhooks/retry.ts';
import { startWebhookRuns } from '../../infra/bullmq/webhook-runs.ts';
import type { WorkerConfig } from '../../infra/config/config.ts';
import { createDynamo } from '../../infra/dynamo/client.ts';
import { createTransactionLog } from '../../infra/dynamo/transaction-log.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createLogSource } from '../../infra/postgres/transaction-documents.ts';
import { createWebhookQueue } from '../../infra/postgres/webhook-queue.ts';
import { createWebhookSecrets } from '../../infra/sealing/webhook-secrets.ts';
import type { AppMetrics } from '../../infra/telemetry/catalogue.ts';
import { observeSender } from '../../infra/telemetry/observe-sender.ts';
import type { Tracing } from '../../infra/telemetry/tracing.ts';
import { createSender } from '../../infra/webhooks/sender.ts';
import { createSigner } from '../../infra/webhooks/sign.ts';
import { createSendToEndpoint } from '../webhooks/send-to-endpoint.ts';
import { startWebhooks } from '../webhooks/start-webhooks.ts';

/** Endpoints sent to at once. One that fails costs a connection, so that hundreds may. */
const ENDPOINTS_AT_ONCE = 500;

/** Sends webhooks from this process. @returns stop: resolves when the tries under way have ended */
export async function startSending(options: {
  config: WorkerConfig;
  onNews: (listener: (targets: readonly EndpointTarget[]) => void) => void;
  metrics: AppMetrics;
  tracing: Tracing | undefined;
  log: Logger;
}): Promise<{ stop: () => Promise<void> }> {
  const { config, log } = options;
  const pool = createPool({
    url: config.WORKER_DATABASE_URL,
    applicationName: 'webhooks',
    maxConnections: 2,
    lockTimeoutMs: 2_000,
    statementTimeoutMs: 15_000,
    lookUpsOnly: true,
    // What was sent and not noted is sent again.
    losesLastMoments: true,
    log,
  });
  const queue = createWebhookQueue(pool, idSource);
  const secrets = createWebhookSecrets(config.CONTACT_SEALING_KEY);
  const sender = createSender({
    allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS,
    timeoutMs: TIMEOUT_MS,
  });
  const now = () => Date.now();
  const sendToEndpoint = createSendToEndpoint({
    queue,
    send: observeSender((...webhook) => sender.send(...webhook), options),
    signer: (sealed) => createSigner(sealed.map((secret) => secrets.open(secret))),
    now,
    random: () => Math.random(),
  });
  const stopping = new AbortController();
  const runs = await startWebhookRuns({
    redisUrl: config.REDIS_URL,
    prefix: config.REDIS_PREFIX,
    concurrency: ENDPOINTS_AT_ONCE,
    run: (target) => sendToEndpoint(target, stopping.signal),
    log,
  });
  const webhooks = startWebhooks({
    findDue: (at, limit) => queue.findDue(at, limit),
    wake: (targets) => runs.wake(targets),
    onNews: options.onNews,
    pollMs: 1_000,
    now,
    onError: (error) => log.warn({ err: error }, 'webhooks could not be looked for; trying again'),
  });
  return {
    async stop() {
      stopping.abort();
      await webhooks.stop();
      await runs.stop();
      await sender.close();
      await pool.end();
    },
  };
}

/** The log of transactions, where a table is given; its client is loaded when the first one leaves. */
export function openTransactionLog(config: WorkerConfig, pool: Pool) {
  const { TRANSACTIONS_TABLE: table, AWS_REGION: region, DYNAMO_ENDPOINT: endpoint } = config;
  if (table === undefined) return [];
  const dynamo = createDynamo({ region, endpoint });
  return [createTransactionLog({ dynamo, table, source: createLogSource(pool) })];
}
