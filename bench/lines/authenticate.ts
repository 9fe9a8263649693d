import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { Redis } from 'ioredis';
import { Client, type Pool } from 'pg';
import pino from 'pino';
import type { Permission, Scope } from '../../domain/tenancy/permissions.ts';
import { authenticate } from '../../edge/middleware/authenticate.ts';
import { createRefusals } from '../../edge/middleware/refusals.ts';
import { createFindPerson } from '../../edge/sign-in.ts';
import { readPools } from '../../infra/cognito/pools.ts';
import { createTokenVerifier } from '../../infra/cognito/token-verifier.ts';
import { findApiKey } from '../../infra/postgres/api-keys.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { findStaffMemberships } from '../../infra/postgres/memberships.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createApiKeyCache } from '../../infra/redis/api-key-cache.ts';
import { createMembershipCache } from '../../infra/redis/membership-cache.ts';
import { createSessionMarks } from '../../infra/redis/session-marks.ts';
import { createTokenCache } from '../../infra/redis/token-cache.ts';
import { startTokenIssuer, type TokenIssuer } from '../../tests/token-issuer.ts';
import { medianOf } from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import { type LineContext, limitLine, type LineResult } from './line.ts';

const BUDGET_MS = 0.1;
/** Either may. */
const PERMISSION: Permission = 'jobs:read';
const SUBJECT = randomUUID();

/** What it costs a request to say whose key or token it brings, once that is known. */
export async function measureAuthenticate(context: LineContext): Promise<LineResult[]> {
  const { stage, quick, tell } = context;
  const { postgresUrl, databaseUrls, redisUrl } = stage.stack;
  const [shop] = await seedShops(postgresUrl, { cards: 2, postingsPerCard: 0 });
  if (!shop) throw new Error('somebody is needed to be recognised');
  await hire(postgresUrl, shop);
  const issuer = await startTokenIssuer();
  const redis = new Redis(redisUrl);
  const pool = createPool({
    url: databaseUrls.edge,
    applicationName: 'bench-authenticate',
    maxConnections: 2,
    lockTimeoutMs: 1_000,
    statementTimeoutMs: 5_000,
    lookUpsOnly: true,
    log: pino({ level: 'silent' }),
  });
  try {
    const handler = createHandler({ issuer, redis, pool });
    const lines: LineResult[] = [];
    for (const [kind, credential] of [
      ['key', shop.apiKey],
      ['token', issuer.token(SUBJECT, { pool: 'staff' })],
    ] as const) {
      const costs: number[] = [];
      for (let round = 0; round <= (quick ? 3 : 7); round += 1) {
        const cost = await cpuMsOf(handler, requestWith(credential), quick ? 20_000 : 50_000);
        tell(`round ${round}, ${kind}: ${cost.toFixed(4)} ms`);
        // The first round is the compiler's.
        if (round > 0) costs.push(cost);
      }
      lines.push(
        limitLine({
          name: `authenticate-${kind}`,
          measured: `CPU-ms that a request pays for its ${kind}, which was seen before`,
          unit: ' ms',
          ours: medianOf(costs),
          limit: BUDGET_MS,
        }),
      );
    }
    return lines;
  } finally {
    redis.disconnect();
    await Promise.all([pool.end(), issuer.stop()]);
  }
}

/** The edge's own middleware over its own caches, as edge/main.ts joins them. */
function createHandler(parts: { issuer: TokenIssuer; redis: Redis; pool: Pool }) {
  const { issuer, redis, pool } = parts;
  const pools = readPools(issuer.env);
  if (!pools) throw new Error('the issuer names its pools');
  const now = () => Date.now();
  const cache = { redis, prefix: 'bench-authenticate', now };
  const marks = createSessionMarks({ ...cache, lifeMs: 86_400_000 });
  const tokens = createTokenCache({
    ...cache,
    verify: createTokenVerifier({ pools, endpoint: issuer.url }),
    isEnded: (owner) =>
      marks.isEnded(`${owner.pool}:${owner.subject}`, { ...owner, id: owner.sessionId }),
  });
  const person = createFindPerson({
    noteSession: () => undefined,
    verifyToken: (token) => tokens.verify(token),
    memberships: {
      ofStaff: createMembershipCache({
        ...cache,
        name: 'staff',
        find: (subject) => findStaffMemberships(pool, subject),
      }),
      ofCustomer: () => Promise.resolve([]),
    },
    acceptInvitations: () => Promise.resolve(false),
  });
  const apiKey = createApiKeyCache({ ...cache, find: (hash) => findApiKey<Scope>(pool, hash) });
  return authenticate({ apiKey, person }, PERMISSION, createRefusals({ perMinute: 100, now }));
}

/** As much of a request as says who sends it. */
function requestWith(credential: string): Request {
  const authorization = `Bearer ${credential}`;
  return {
    originalUrl: '/v1/pos/customers/lookup',
    headers: { authorization, 'user-agent': 'till' },
    rawHeaders: ['Host', 'localhost', 'Authorization', authorization, 'User-Agent', 'till'],
    query: {},
    ip: '127.0.0.1',
  } as unknown as Request;
}

async function cpuMsOf(
  handler: ReturnType<typeof createHandler>,
  request: Request,
  times: number,
): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) {
    const response = { locals: {} as Record<string, unknown> };
    let done = false;
    await handler(request, response as Response, () => (done = true));
    if (!done || response.locals['principal'] === undefined) throw new Error('not recognised');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

async function hire(postgresUrl: string, shop: Shop): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO business.staff (business_id, id, subject, name, email, role)
       VALUES ($1, $2, $3, 'Owner', 'owner@example.com', 'owner')`,
      [toUuid(shop.businessId), randomUUID(), SUBJECT],
    );
  } finally {
    await client.end();
  }
}
