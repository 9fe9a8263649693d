/** Every route that changes something, given ids of another business: it is as if there were none. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../edge/route.ts';
import { createRoutes, type RouteDependencies } from '../../edge/routes/index.ts';
import { permissions } from '../../domain/tenancy/permissions.ts';
import type { IdKind } from '../../domain/values/ids.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { root } from '../tools.ts';
import { until } from '../until.ts';
import { fillTables, tenantTables } from './tenant-catalogue.ts';

/** Where what an id names is kept. */
const TABLES = {
  brd: 'business.brands',
  sto: 'business.stores',
  stf: 'business.staff',
  key: 'business.api_keys',
  whe: 'business.webhook_endpoints',
  cus: 'customer.customers',
  crd: 'loyalty.cards',
  prg: 'loyalty.programs',
  prm: 'loyalty.promotions',
  ofr: 'loyalty.offers',
  rdf: 'loyalty.reward_definitions',
  rwd: 'loyalty.issued_rewards',
  txn: 'loyalty.transactions',
  apr: 'business.approvals',
  exc: 'loyalty.exceptions',
  evt: 'business.webhook_deliveries',
} as const satisfies Partial<Record<IdKind, string>>;
type Kind = keyof typeof TABLES;

/** Who is allowed in, as far as anybody is; of each route the first who may. */
type Caller = 'key' | 'owner' | 'customer';

let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let other: Shop;
const authorization = new Map<Caller, string>();
const foreign = new Map<Kind, string>();
const own = new Map<Kind, string>();
const foreignCodes = { card: '', reward: '' };
let before: string;

/** All rows of the other business, as one text. */
async function digest(): Promise<string> {
  const tables = await tenantTables(stack.database);
  const rows = await Promise.all(
    tables.map(async ({ name, column }) => {
      const [row] = await stack.database.query<{ md5: string }>(
        `SELECT md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) AS md5
           FROM ${name} r WHERE ${column} = $1`,
        [toUuid(other.businessId)],
      );
      return `${name} ${row!.md5}`;
    }),
  );
  return rows.join('\n');
}

async function idsOf(business: Shop, into: Map<Kind, string>): Promise<void> {
  for (const [kind, table] of Object.entries(TABLES) as [Kind, string][]) {
    const [row] = await stack.database.query<{ id: string }>(
      `SELECT id FROM ${table} WHERE business_id = $1 ORDER BY id LIMIT 1`,
      [toUuid(business.businessId)],
    );
    if (row) into.set(kind, fromUuid(kind, row.id));
  }
}

beforeAll(async () => {
  issuer = await startTokenIssuer();
  const env = {
    ...issuer.env,
    PERSON_REQUESTS_PER_MINUTE: '100000',
    MISSES_PER_MINUTE: '100000',
  };
  stack = await startTestStack({ processes: ['edge', 'worker'], env });
  shop = await openShop(stack.database.ownerUrl);
  other = await openShop(stack.database.ownerUrl);
  const [owner, customer] = [randomUUID(), randomUUID()];
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, role)
     VALUES ($1, $2, $3, 'Owner', 'owner')`,
    [toUuid(shop.businessId), toUuid(idSource.id('stf')), owner],
  );
  await stack.database.query(
    'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
    [toUuid(shop.businessId), customer, toUuid(shop.cards[0]!.customerId)],
  );
  authorization.set('key', shop.apiKey);
  authorization.set('owner', issuer.token(owner, { pool: 'staff' }));
  authorization.set('customer', issuer.token(customer));
  // So that there is one of everything, in tables to come as well.
  await fillTables(stack.database, [toUuid(other.businessId)]);
  await idsOf(other, foreign);
  await idsOf(shop, own);
  foreignCodes.card = other.cards[0]!.code;
  foreignCodes.reward = idSource.code();
  await stack.database.query('UPDATE loyalty.issued_rewards SET code = $2 WHERE business_id = $1', [
    toUuid(other.businessId),
    foreignCodes.reward,
  ]);
  before = await digest();
});

afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
});

test('the other business has one of everything that an id can name', () => {
  expect([...foreign.keys()]).toEqual(Object.keys(TABLES));
});

type Ids = { idOf(kind: Kind): string; cardCode: string; rewardCode: string };
const theirs: Ids = {
  idOf: (kind) => foreign.get(kind)!,
  get cardCode() {
    return foreignCodes.card;
  },
  get rewardCode() {
    return foreignCodes.reward;
  },
};
/** The same id whenever a kind is asked for, as with theirs. */
const nobodys = (): Ids => {
  const ids = new Map<Kind, string>();
  return {
    idOf(kind) {
      const id = ids.get(kind) ?? idSource.id(kind);
      ids.set(kind, id);
      return id;
    },
    cardCode: idSource.code(),
    rewardCode: idSource.code(),
  };
};

const ID = /^([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}$/;

/** A body as documented, with every id and code in it exchanged. */
function bodyOf(route: Route, ids: Ids): { body: unknown; hasIds: boolean } {
  const file = join(root, 'queues', 'fixtures', `${route.name}.v1.json`);
  const fixture = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { body: object }).body
    : undefined;
  let hasIds = false;
  const exchange = (value: unknown, name = ''): unknown => {
    if (Array.isArray(value)) return value.map((item) => exchange(item, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, exchange(v, k)]));
    }
    const kind = typeof value === 'string' ? ID.exec(value)?.[1] : undefined;
    const isCode = name === 'cardCode' || name === 'code' || name === 'voucherCode';
    hasIds ||= kind !== undefined || isCode;
    if (name === 'cardCode') return ids.cardCode;
    if (isCode) return ids.rewardCode;
    return kind !== undefined && kind in TABLES ? ids.idOf(kind as Kind) : value;
  };
  const body = exchange(route.exampleBody ?? fixture ?? {});
  return { body, hasIds };
}

/** The path with an id of the right kind for each parameter; undefined where there is none. */
function pathOf(route: Route, ids: Ids): string | undefined {
  let isWhole = true;
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const schema = route.params?.shape[name] as { safeParse(value: unknown): { success: boolean } };
    const candidates = (Object.keys(TABLES) as Kind[]).map((kind) => ids.idOf(kind));
    const rest = name === 'code' ? [ids.rewardCode] : ['1', 'vip'];
    const found = (name === 'code' ? rest : [...candidates, ...rest]).find(
      (value) => value !== undefined && schema.safeParse(value).success,
    );
    isWhole &&= found !== undefined;
    return encodeURIComponent(found ?? '');
  });
  return isWhole ? path : undefined;
}

function callersOf(route: Route): Caller[] {
  const row: {
    scope?: string;
    roles?: readonly string[];
    customers?: true;
    visitors?: true;
    anybody?: true;
  } = permissions[route.scope];
  return [
    ...(row.scope ? (['key'] as const) : []),
    ...(row.roles?.includes('owner') ? (['owner'] as const) : []),
    ...(row.customers ? (['customer'] as const) : []),
  ];
}

/** What comes of a request in the end: a wait that ran out is followed by the job. */
async function send(route: Route, caller: Caller, path: string, ids: Ids) {
  const { body } = bodyOf(route, ids);
  const Authorization = `Bearer ${authorization.get(caller)}`;
  const answer = await fetch(stack.edgeUrl + path, {
    method: route.method.toUpperCase(),
    headers: {
      Authorization,
      'Idempotency-Key': randomUUID(),
      'If-Match': '"1"',
      Prefer: 'wait=10',
      ...(route.body && { 'Content-Type': 'application/json' }),
    },
    ...(route.body && { body: JSON.stringify(body) }),
  });
  const told = (await answer.json().catch(() => ({}))) as Problem & { job?: { id: string } };
  if (answer.status !== 202 || !told.job) return verdict(answer.status, told);
  const { id } = told.job;
  return until(`job ${id} ends`, async () => {
    const asked = await fetch(`${stack.edgeUrl}/v1/jobs/${id}?wait=5`, {
      headers: { Authorization },
    });
    const job = (await asked.json()) as { finishedAt?: string; status: string; problem?: Problem };
    // One that waits for something else to happen has said all that it will.
    if (job.status === 'waiting') return verdict(202, {});
    if (job.finishedAt === undefined) return undefined;
    return verdict(job.problem?.status ?? doneStatus(route), job.problem ?? {});
  });
}

type Problem = { type?: string; status?: number };
const doneStatus = ({ responses }: Route) =>
  Number(Object.keys(responses).find((status) => status !== '202'));
const verdict = (status: number, { type }: Problem) => ({ status, code: type?.split('/').at(-1) });

// Joining is for whoever names a business; a logo is drawn by a function that does not run here.
const leftOut = ['join-business', 'set-brand-logo'];
const changing = createRoutes({} as RouteDependencies).filter(
  (route) => route.method !== 'get' && callersOf(route).length > 0 && !leftOut.includes(route.name),
);

describe.each(changing.filter((route) => route.path.includes(':')))('$method $path', (route) => {
  test('of another business is answered as if there were none', async () => {
    const path = pathOf(route, theirs);
    expect(path).toBeDefined();
    for (const caller of callersOf(route)) {
      const absent = nobodys();
      const found = await send(route, caller, path!, theirs);
      expect([caller, found]).toEqual([
        caller,
        await send(route, caller, pathOf(route, absent)!, absent),
      ]);
      expect(found.status).toBeGreaterThanOrEqual(400);
      expect(found.status).toBeLessThan(500);
    }
  });
});

const naming = changing.filter((route) => bodyOf(route, nobodys()).hasIds);

describe.each(naming)('$method $path', (route) => {
  test('whose body names what is another business’s says the same as of nothing at all', async () => {
    const mine = (ids: Ids): Ids => ({ ...ids, idOf: (kind) => own.get(kind) ?? ids.idOf(kind) });
    for (const caller of callersOf(route)) {
      const absent = nobodys();
      const path = pathOf(route, mine(absent))!;
      const found = await send(route, caller, path, theirs);
      expect([caller, found]).toEqual([caller, await send(route, caller, path, absent)]);
    }
  });
});

test('after all of it the other business is as it was, and no row of this one names its things', async () => {
  expect(await digest()).toBe(before);
  const uuids = [...foreign.entries()].map(([kind, id]) =>
    toUuid(id as `${typeof kind}_${string}`),
  );
  const crossed: string[] = [];
  for (const { name, column } of await tenantTables(stack.database)) {
    const [row] = await stack.database.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${name} r
        WHERE ${column} = $1 AND EXISTS (SELECT FROM unnest($2::text[]) AS w (word)
                                          WHERE strpos(r::text, w.word) > 0)`,
      [toUuid(shop.businessId), uuids],
    );
    if (row!.rows > 0) crossed.push(name);
  }
  expect(crossed).toEqual([]);
});
