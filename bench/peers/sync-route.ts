/**
 * The textbook design: one Express route that does it all in the request, with Sequelize. Same key,
 * schema, rules, tables and facts as the product, one transaction a request with the cards locked.
 * It is spared what the design does not need: no job rows, no log, no rate limit, no look before the
 * insert (the unique key finds a repeat), no row-level security (it connects as the owner); keys and set-up are read once and kept. Values go as bound
 * parameters where Sequelize binds them; it cannot name a prepared statement. Run by `sync.ts`.
 */
import { createHash } from 'node:crypto';
import express, { type Request } from 'express';
import { Sequelize, UniqueConstraintError } from 'sequelize';
import { type BusinessConfig } from '../../domain/earning/decide-purchase.ts';
import { findApiKey, type FoundApiKey } from '../../infra/postgres/api-keys.ts';
import { createConfigCache } from '../../infra/postgres/config-cache.ts';
import { initModels } from '../../infra/postgres/models/models.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import { recordPurchase } from '../../queues/commands/record-purchase.ts';
import { hashRequest } from '../../queues/job-id.ts';
import { setting } from './peer.ts';
import { defineModels } from './sync-models.ts';
import { applyPurchase } from './sync-purchase.ts';

interface Client {
  key: FoundApiKey<string>;
  config: BusinessConfig;
}

const url = setting('WORKER_DATABASE_URL');
const sequelize = new Sequelize(url, {
  dialect: 'postgres',
  logging: false,
  timezone: '+00:00',
  pool: { max: Number(setting('POOL_SIZE')), min: 2, idle: 60_000 },
});
initModels(sequelize);
const models = defineModels(sequelize);
const setUp = createPool({
  url,
  applicationName: 'sync-set-up',
  maxConnections: 1,
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 5_000,
  log: createLog({ process: 'sync', level: 'warn' }),
});
const loadConfigs = createConfigCache();
const clients = new Map<string, Client>();

async function authenticate(authorization: string | undefined): Promise<Client | undefined> {
  const secret = authorization?.slice('Bearer '.length) ?? '';
  const hash = createHash('sha256').update(secret).digest();
  const known = clients.get(hash.toString('base64url'));
  if (known) return known;
  const key = await findApiKey(setUp, hash);
  const config = key && (await loadConfigs(setUp, [key.businessId])).get(key.businessId);
  if (!key || !config) return undefined;
  const client = { key, config };
  clients.set(hash.toString('base64url'), client);
  return client;
}

async function answer(request: Request): Promise<{ status: number; body: object }> {
  const client = await authenticate(request.headers.authorization);
  if (!client) return { status: 401, body: { code: 'unauthenticated' } };
  const parsed = recordPurchase.body.safeParse(request.body);
  if (!parsed.success) return { status: 422, body: { code: 'validation-failed' } };
  try {
    const outcome = await applyPurchase(sequelize, models, {
      config: client.config,
      integration: client.key.integration,
      body: parsed.data,
      requestHash: hashRequest(parsed.data),
    });
    return { status: 'refused' in outcome ? 422 : 201, body: outcome };
  } catch (error) {
    if (!(error instanceof UniqueConstraintError)) throw error;
    return { status: 409, body: { code: 'external-id-reused' } };
  }
}

const app = express();
app.use(express.json());
app.post('/v1/pos/transactions', async (request, response) => {
  const { status, body } = await answer(request);
  response.status(status).json(body);
});
app.listen(Number(setting('PORT')), '127.0.0.1', () => process.send?.('listening'));
