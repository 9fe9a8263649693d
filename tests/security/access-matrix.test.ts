/** Every route, asked by everybody: who may is let through, who may not is told so. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRoutes, type RouteDependencies } from '../../edge/routes/index.ts';
import type { Route } from '../../edge/route.ts';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import type { Permission } from '../../domain/tenancy/permissions.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { openShop, type Shop } from '../journeys/shop.ts';

const callers = [
  'nobody',
  'key without scopes',
  'key',
  'owner',
  'manager',
  'cashier',
  'analyst',
  'removed owner',
  'another business’s owner',
  'customer',
  'visitor',
] as const;
type Caller = (typeof callers)[number];

const office = ['key', 'owner', 'manager', 'analyst'] as const;
const runsIt = ['key', 'owner', 'manager'] as const;
const owns = ['key', 'owner'] as const;
const serves = ['owner', 'manager', 'cashier'] as const;
const staff = ['owner', 'manager', 'cashier', 'analyst'] as const;

/**
 * Who passes, spelled out once more: a permission that is new, or opened wider, must be added here
 * by somebody who thinks about it.
 */
const expected: Readonly<Record<Permission, readonly Caller[]>> = {
  'transactions:write': ['key'],
  'transactions:read': ['key'],
  'customers:read': ['key'],
  'rewards:write': ['key'],
  'jobs:read': ['key', 'key without scopes', ...staff, 'customer'],
  'admin:read': office,
  'admin:write': runsIt,
  'business:read': office,
  'business:write': owns,
  'brands:read': office,
  'brands:write': owns,
  'stores:read': office,
  'stores:write': runsIt,
  'staff:read': runsIt,
  'staff:write': owns,
  'keys:read': owns,
  'keys:write': owns,
  'programs:read': office,
  'programs:write': runsIt,
  'promotions:read': office,
  'promotions:write': runsIt,
  'transactions:inspect': office,
  'webhooks:read': runsIt,
  'webhooks:write': owns,
  'audit:read': owns,
  'analytics:read': office,
  'reports:read': office,
  'reports:write': office,
  'exports:read': owns,
  'exports:write': owns,
  'offers:read': office,
  'offers:write': runsIt,
  'counter:read': serves,
  'counter:write': serves,
  'staff:self': staff,
  'self:read': ['customer'],
  'self:write': ['customer'],
  'self:join': ['customer', 'visitor'],
  public: callers,
};

const routes = createRoutes({} as RouteDependencies);
let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let other: Shop;
const authorization = new Map<Caller, string>();

async function addStaff(role: string, at: Shop, removed = false): Promise<string> {
  const subject = randomUUID();
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, role, removed_at)
     VALUES ($1, $2, $3, $4, $4, $5)`,
    [toUuid(at.businessId), toUuid(idSource.id('stf')), subject, role, removed ? new Date() : null],
  );
  return issuer.token(subject, { pool: 'staff' });
}

async function addKeyWithoutScopes(): Promise<string> {
  const key = formatApiKey(randomBytes(24).toString('hex'));
  await stack.database.query(
    `INSERT INTO business.api_keys (business_id, id, integration, name, secret_hash, scopes)
     VALUES ($1, $2, 'pos', 'Nothing', $3, '{}')`,
    [
      toUuid(shop.businessId),
      toUuid(idSource.id('key')),
      createHash('sha256').update(key).digest(),
    ],
  );
  return key;
}

async function addCustomer(): Promise<string> {
  const subject = randomUUID();
  await stack.database.query(
    'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
    [toUuid(shop.businessId), subject, toUuid(shop.cards[0]!.customerId)],
  );
  return issuer.token(subject);
}

beforeAll(async () => {
  issuer = await startTokenIssuer();
  const limits = { ADDRESS_REQUESTS_PER_MINUTE: '10000', PERSON_REQUESTS_PER_MINUTE: '10000' };
  stack = await startTestStack({ processes: ['edge'], env: { ...issuer.env, ...limits } });
  shop = await openShop(stack.database.ownerUrl);
  other = await openShop(stack.database.ownerUrl);
  const credentials: Partial<Record<Caller, string>> = {
    'key without scopes': await addKeyWithoutScopes(),
    key: shop.apiKey,
    owner: await addStaff('owner', shop),
    manager: await addStaff('manager', shop),
    cashier: await addStaff('cashier', shop),
    analyst: await addStaff('analyst', shop),
    'removed owner': await addStaff('owner', shop, true),
    'another business’s owner': await addStaff('owner', other),
    customer: await addCustomer(),
    visitor: issuer.token(randomUUID()),
  };
  for (const [caller, credential] of Object.entries(credentials)) {
    authorization.set(caller as Caller, `Bearer ${credential}`);
  }
});

afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
});

/** Ids of another business where it has one of the kind, else of nothing at all. */
const foreignIds = () =>
  [
    other.businessId,
    other.cards[0]!.id,
    other.cards[0]!.customerId,
    other.programs[0]!.id,
    other.storeIds[0]!,
  ] as string[];

/** A path of the route with an id of the right kind for each parameter. */
function pathOf(route: Route, idOf: (candidates: readonly string[]) => string): string {
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const schema = route.params?.shape[name] as { safeParse(value: unknown): { success: boolean } };
    const kinds = ['biz', 'brd', 'sto', 'cus', 'prg', 'crd', 'rwd', 'rdf', 'txn', 'job', 'key'];
    const more = ['stf', 'vch', 'whe', 'prm', 'ofr', 'aud', 'evt'];
    const fresh = [...kinds, ...more].map((kind) => idSource.id(kind as 'biz'));
    const fits = (value: string) => schema.safeParse(value).success;
    return encodeURIComponent(
      idOf([...foreignIds(), ...fresh, '1', 'vip', 'abcdefgh'].filter(fits)),
    );
  });
}

/**
 * One request that gets as far as the permission, and no further: commands come without their key,
 * and without a body that could be carried out.
 */
async function ask(route: Route, caller: Caller, path: string) {
  const headers: Record<string, string> = {};
  const credential = authorization.get(caller);
  if (credential) headers['Authorization'] = credential;
  if (caller === 'another business’s owner') headers['Regulars-Business'] = shop.businessId;
  if (route.body) headers['Content-Type'] = 'application/json';
  const answer = await fetch(stack.edgeUrl + path, {
    method: route.method.toUpperCase(),
    headers,
    ...(route.body && { body: '[]' }),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    // It stays open for whoever is let in.
    await answer.body?.cancel();
    return { status: answer.status, code: undefined, body: {} };
  }
  const body = (await answer.json()) as { type?: string };
  return { status: answer.status, code: body.type?.split('/').at(-1), body };
}

type Verdict = 'let through' | 'unauthenticated' | 'forbidden' | 'not-a-member';

function verdictOf({ status, code }: { status: number; code: string | undefined }): Verdict {
  if (status === 401 && code === 'unauthenticated') return code;
  if (status === 403 && (code === 'forbidden' || code === 'not-a-member')) return code;
  return 'let through';
}

function verdictFor(permission: Permission, caller: Caller): Verdict {
  if (expected[permission].includes(caller)) return 'let through';
  if (caller === 'nobody') return 'unauthenticated';
  const isStranger = ['removed owner', 'another business’s owner', 'visitor'].includes(caller);
  if (permission === 'self:join') return 'forbidden';
  return isStranger ? 'not-a-member' : 'forbidden';
}

describe.each(routes)('$method $path', (route) => {
  test(`is for whom ${route.scope} says`, async () => {
    const path = pathOf(route, (candidates) => candidates.at(-1)!);
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const caller of callers) {
      found[caller] = verdictOf(await ask(route, caller, path));
      wanted[caller] = verdictFor(route.scope, caller);
    }
    expect(found).toEqual(wanted);
  });
});

// What anybody may read has no other business to keep it from.
const readable = routes.filter(
  (r) => r.method === 'get' && r.path.includes(':') && !r.path.startsWith('/v1/public/'),
);

describe.each(readable)('$path of another business', (route) => {
  test('looks as if it did not exist, to whoever may read it here', async () => {
    for (const caller of ['key', 'owner', 'customer'] as const) {
      if (!expected[route.scope].includes(caller)) continue;
      const foreign = await ask(
        route,
        caller,
        pathOf(route, (ids) => ids[0]!),
      );
      const absent = await ask(
        route,
        caller,
        pathOf(route, (ids) => ids.find((id) => !foreignIds().includes(id))!),
      );
      const seen = ({ status, body }: typeof foreign) => ({ status, ...body, requestId: 0 });
      expect(seen(foreign)).toEqual(seen(absent));
      expect([404, 400]).toContain(foreign.status);
    }
  });
});
