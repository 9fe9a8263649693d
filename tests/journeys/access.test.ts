/** Who may do what: keys, scopes, stores, limits, and the database's own roles. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, problemCode, TRANSACTIONS, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge'] });
  shop = await openShop(stack.database.ownerUrl, {
    stores: [
      { name: 'Baixa', brand: 'Café Central' },
      { name: 'Belém', brand: 'Café Central' },
    ],
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(() => stack.stop());

async function addKey(over: { scopes?: string[]; storeIds?: string[] } = {}): Promise<string> {
  const key = formatApiKey(randomBytes(24).toString('hex'));
  await stack.database.query(
    `INSERT INTO business.api_keys (business_id, id, integration, name, secret_hash, scopes, store_ids)
     VALUES ($1, $2, 'pos', 'Another till', $3, $4, $5)`,
    [
      toUuid(shop.businessId),
      toUuid(idSource.id('key')),
      createHash('sha256').update(key).digest(),
      over.scopes ?? ['transactions:write', 'transactions:read', 'customers:read'],
      over.storeIds ?? null,
    ],
  );
  return key;
}

async function revoke(key: string): Promise<void> {
  await stack.database.query(
    'UPDATE business.api_keys SET revoked_at = now() WHERE secret_hash = $1',
    [createHash('sha256').update(key).digest()],
  );
}

describe('without a good key', () => {
  const unknown = formatApiKey('0123456789abcdef'.repeat(3));
  const mistyped = `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`;

  test.each([
    ['no header', undefined],
    ['an empty one', 'Bearer '],
    ['Basic', `Basic ${Buffer.from('rk_1:rk_1').toString('base64')}`],
    ['an unknown key', `Bearer ${unknown}`],
    ['a mistyped key', `Bearer ${mistyped}`],
    ['a truncated key', `Bearer ${unknown.slice(0, -8)}`],
    ['a token of another kind', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
    ['two keys', `Bearer ${unknown} ${unknown}`],
  ])('%s is answered 401 and told how to sign in', async (_, authorization) => {
    const anonymous = createApi(stack.edgeUrl, undefined);
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    for (const reply of [
      await anonymous.post(TRANSACTIONS, shop.sale(), headers),
      await anonymous.get('/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz', headers),
    ]) {
      expect(refusal(reply)).toEqual([401, 'unauthenticated']);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('a key in the query is refused, even beside a good header', async () => {
    for (const name of ['key', 'api_key', 'access_token']) {
      const reply = await api.get(`/v1/pos/customers/lookup?cardCode=12345678&${name}=${unknown}`);
      expect(refusal(reply)).toEqual([400, 'malformed-query']);
    }
  });

  test('many from one address are not even looked up, while a till that has sold goes on', async () => {
    const { url } = await stack.startEdge({ ADDRESS_REQUESTS_PER_MINUTE: '5' });
    const till = createApi(url, await addKey());
    expect((await till.post(TRANSACTIONS, shop.sale())).status).toBe(202);
    const statuses = [];
    for (let i = 0; i < 6; i += 1) {
      const guess = createApi(url, formatApiKey(randomBytes(24).toString('hex')));
      statuses.push((await guess.get('/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await till.post(TRANSACTIONS, shop.sale())).status).toBe(202);
  });

  test('a revoked key is refused within 10 s, although it was just used', async () => {
    const key = await addKey();
    const till = createApi(stack.edgeUrl, key);
    expect((await till.post(TRANSACTIONS, shop.sale())).status).toBe(202);
    await revoke(key);
    await until('the revoked key is refused', async () => {
      const reply = await till.get('/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz');
      return reply.status === 401;
    });
  });
});

describe('a key', () => {
  test.each([
    ['transactions:read', 'POST', TRANSACTIONS],
    ['transactions:read', 'POST', `${TRANSACTIONS}/batch`],
    ['transactions:write', 'POST', `${TRANSACTIONS}/preview`],
    ['transactions:write', 'GET', `${TRANSACTIONS}/externalId:1`],
    ['transactions:read', 'GET', '/v1/pos/customers/lookup?cardCode=12345678'],
  ])('with only %s is answered 403 on %s %s', async (scope, method, path) => {
    const till = createApi(stack.edgeUrl, await addKey({ scopes: [scope] }));
    const reply = await till.send(method, path, method === 'POST' ? { json: {} } : {});
    expect(refusal(reply)).toEqual([403, 'forbidden']);
  });

  test('asks for the outcome of what it posted, whatever its scopes', async () => {
    const till = createApi(stack.edgeUrl, await addKey({ scopes: ['transactions:write'] }));
    const posted = await till.post(TRANSACTIONS, shop.sale());
    const { job } = posted.body as { job: { id: string } };
    expect((await till.get(`/v1/jobs/${job.id}`)).status).toBe(200);
  });

  test('posts for all stores of its business, and for no other’s: 422 unknown-store', async () => {
    const stranger = await openShop(stack.database.ownerUrl);
    for (const storeId of shop.storeIds) {
      expect((await api.post(TRANSACTIONS, shop.sale({ storeId }))).status).toBe(202);
    }
    for (const path of [TRANSACTIONS, `${TRANSACTIONS}/preview`]) {
      const foreign = await api.post(path, shop.sale({ storeId: stranger.storeIds[0]! }));
      expect(refusal(foreign)).toEqual([422, 'unknown-store']);
      expect(foreign.body).toMatchObject({ errors: [{ pointer: '/storeId' }] });
    }
  });

  test('bound to one store does not post for the other', async () => {
    const [baixa, belem] = shop.storeIds;
    const till = createApi(stack.edgeUrl, await addKey({ storeIds: [toUuid(baixa!)] }));
    expect((await till.post(TRANSACTIONS, shop.sale({ storeId: baixa! }))).status).toBe(202);
    const other = await till.post(TRANSACTIONS, shop.sale({ storeId: belem! }));
    expect(refusal(other)).toEqual([422, 'unknown-store']);
  });

  test('and its successor are one integration: the same sale is the same job', async () => {
    const sale = shop.sale();
    const before = await api.post(TRANSACTIONS, sale);
    const after = await createApi(stack.edgeUrl, await addKey()).post(TRANSACTIONS, sale);
    expect(after.body.job.id).toBe(before.body.job.id);
  });

  test('that sends too much is answered 429 with its limit and when to come back; others go on', async () => {
    const { url } = await stack.startEdge({ POS_REQUESTS_PER_MINUTE: '5' });
    const busy = createApi(url, await addKey());
    const first = await busy.post(TRANSACTIONS, shop.sale());
    const last = await busy.post(TRANSACTIONS, shop.sale());
    expect([first.status, last.status]).toEqual([202, 429]);
    // Five a minute is one in twelve seconds.
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"pos-key"; q=1; w=12/);
    expect(first.headers.get('ratelimit')).toMatch(/^"pos-key"; r=0; t=\d+/);
    expect(problemCode(last)).toBe('too-many-requests');
    expect(last.headers.get('ratelimit')).toMatch(/r=0/);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(last.headers.get('retry-after'))).toBeLessThanOrEqual(12);
    const quiet = createApi(url, await addKey());
    expect((await quiet.post(TRANSACTIONS, shop.sale())).status).toBe(202);
  });
});

describe('the database', () => {
  type Table = { name: string };
  let tables: string[];

  beforeAll(async () => {
    const found = await stack.database.query<Table>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname IN ('analytics', 'business', 'customer', 'loyalty') ORDER BY 1`,
    );
    tables = found.map((table) => table.name);
  });

  async function refusals(url: string, statements: readonly string[]): Promise<string[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const codes: string[] = [];
      for (const statement of statements) {
        const code = await client.query(statement).then(
          () => 'allowed',
          (error: { code?: string }) => error.code ?? 'no code',
        );
        codes.push(`${statement}: ${code}`);
      }
      return codes;
    } finally {
      await client.end();
    }
  }

  const INSUFFICIENT_PRIVILEGE = '42501';
  const RESTRICT_VIOLATION = '23001';
  const refused = (code: string) => (statement: string) => `${statement}: ${code}`;

  const columns: Readonly<Record<string, string>> = {
    'business.businesses': 'name',
    'business.operations': 'id',
    'customer.unreachable_addresses': 'reason',
    'loyalty.outbox': 'business_id',
  };
  const writes = (table: string) => [
    `INSERT INTO ${table} DEFAULT VALUES`,
    `UPDATE ${table} SET ${columns[table] ?? 'business_id'} = ${columns[table] ?? 'business_id'}`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
  ];

  /** Of no business, and for whoever sends mail alone. */
  const HIDDEN = 'customer.unreachable_addresses';

  test('lets the edge read every table but one, and write none', async () => {
    const read = (table: string) => `SELECT FROM ${table} LIMIT 0`;
    const seen = tables.filter((table) => table !== HIDDEN).map(read);
    const attempts = tables.flatMap(writes);
    expect(tables.length).toBeGreaterThan(10);
    expect(await refusals(stack.database.edgeUrl, seen)).toEqual(seen.map(refused('allowed')));
    expect(await refusals(stack.database.edgeUrl, [read(HIDDEN)])).toEqual([
      `${read(HIDDEN)}: ${INSUFFICIENT_PRIVILEGE}`,
    ]);
    expect(await refusals(stack.database.edgeUrl, attempts)).toEqual(
      attempts.map(refused(INSUFFICIENT_PRIVILEGE)),
    );
  });

  test('keeps workers from editing what was booked, and who did what', async () => {
    const booked = ['loyalty.postings', 'loyalty.transactions', 'business.audit_log'];
    const attempts = [
      ...booked.flatMap((table) => writes(table).slice(1)),
      'UPDATE loyalty.cards SET program_id = program_id',
      'UPDATE loyalty.lots SET amount = amount',
      'DELETE FROM loyalty.cards',
      'DELETE FROM loyalty.lots',
    ];
    expect(await refusals(stack.database.workerUrl, attempts)).toEqual(
      attempts.map(refused(INSUFFICIENT_PRIVILEGE)),
    );
  });

  test('refuses to edit postings and transactions, even for the owner', async () => {
    await stack.database.query(
      `INSERT INTO loyalty.transactions
              (business_id, id, kind, integration, external_id, request_hash, status, occurred_at,
               received_at, business_date, receipt, outcome)
       VALUES ($1, $2, 'purchase', 'pos', 'till-1/1', '', 'recorded', now(), now(), '2026-11-20',
               '{}', '{}')`,
      [toUuid(shop.businessId), toUuid(idSource.id('txn'))],
    );
    const attempts = [
      ...['loyalty.postings', 'loyalty.transactions'].flatMap((table) => writes(table).slice(1)),
      `UPDATE loyalty.transactions SET receipt = '{}', outcome = '{}'`,
    ];
    expect(await refusals(stack.database.ownerUrl, attempts)).toEqual(
      attempts.map(refused(RESTRICT_VIOLATION)),
    );
  });

  test('gives no role any power beyond its tables', async () => {
    const roles = await stack.database.query(
      `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles
        WHERE rolname LIKE 'regulars\\_%' ORDER BY 1`,
    );
    const none = { rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false };
    expect(roles).toEqual([
      { rolname: 'regulars_analytics', ...none },
      { rolname: 'regulars_doors', ...none },
      { rolname: 'regulars_edge', ...none },
      { rolname: 'regulars_mailer', ...none },
      { rolname: 'regulars_worker', ...none },
    ]);
  });
});
