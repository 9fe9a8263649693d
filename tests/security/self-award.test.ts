/** Nobody gives anything to themselves, whichever way they try; a colleague may. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { type Api, createApi, problemCode, type Reply } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';

let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let till: Api;
let manager: Member;
let colleague: Member;

interface Member {
  id: `stf_${string}`;
  api: Api;
}

beforeAll(async () => {
  issuer = await startTokenIssuer();
  stack = await startTestStack({ processes: ['edge', 'worker'], env: issuer.env });
  shop = await openShop(stack.database.ownerUrl, {
    customers: Array.from({ length: 3 }, () => ({ program: 'Stamps' })),
  });
  till = createApi(stack.edgeUrl, shop.apiKey);
  [manager, colleague] = await Promise.all([employ('manager@cafe.example'), employ(null)]);
  // Their own card, found by the address that the shop has of both.
  await stack.database.query('UPDATE customer.customers SET email = $1 WHERE id = $2', [
    'manager@cafe.example',
    toUuid(shop.cards[0]!.customerId),
  ]);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
    await issuer?.stop();
  }
});

async function employ(email: string | null): Promise<Member> {
  const id = idSource.id('stf');
  const subject = randomUUID();
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, email, role)
     VALUES ($1, $2, $3, 'A member', $4, 'manager')`,
    [toUuid(shop.businessId), toUuid(id), subject, email],
  );
  return { id, api: createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' })) };
}

const withKey = () => ({ 'Idempotency-Key': randomUUID() });
const outcome = (reply: Reply) => [reply.status, reply.status < 400 ? 'done' : problemCode(reply)];

async function anOffer(): Promise<string> {
  const offer = await till.post<{ id: string }>(
    '/v1/admin/offers',
    {
      programId: shop.programs[0]!.id,
      name: 'Spend 20',
      kind: 'accumulate',
      thresholdMinor: 2_000,
      windowHours: 5,
      benefit: { kind: 'balance', amount: '7' },
    },
    withKey(),
  );
  expect(offer.status).toBe(201);
  return offer.body.id;
}

/** A sale that named nobody, rung up by somebody where the till says so. */
async function aReceipt(staffId?: Member['id']): Promise<string> {
  const { customer: _, ...sale } = shop.sale(staffId ? { staffId } : {});
  return (await till.record(sale)).claimCode ?? '';
}

type Way = (by: Member, card: Shop['cards'][number]) => Promise<Reply>;

/** Every way in which a member of staff gives something to a card. */
const ways: Readonly<Record<string, Way>> = {
  'stamps at the counter': ({ api }, { code }) =>
    api.post<unknown>(
      '/v1/admin/counter/award',
      { cardCode: code, storeId: shop.storeIds[0]!, stamps: 1 },
      withKey(),
    ),
  'a purchase at the counter': ({ api }, { code }) =>
    api.post<unknown>(
      '/v1/admin/counter/purchase',
      { cardCode: code, storeId: shop.storeIds[0]!, currency: 'EUR', total: 375 },
      withKey(),
    ),
  'an adjustment': ({ api }, { id }) =>
    api.post<unknown>(
      `/v1/admin/cards/${id}/adjustments`,
      { amount: '1', reason: 'Forgotten stamp' },
      withKey(),
    ),
  'an offer': async ({ api }, { customerId }) =>
    api.post<unknown>(
      `/v1/admin/offers/${await anOffer()}/instances`,
      { customerId, receivedAt: new Date().toISOString() },
      withKey(),
    ),
  'a receipt that somebody left': async ({ api }, { customerId }) =>
    api.post<unknown>(
      `/v1/admin/customers/${customerId}/claims`,
      { claimCode: await aReceipt() },
      withKey(),
    ),
  'another customer’s cards': async ({ api }, { customerId }) => {
    const other = await till.post<{ customer: { id: string } }>(
      '/v1/admin/customers',
      { name: 'Somebody', programIds: [shop.programs[0]!.id] },
      withKey(),
    );
    return api.post<unknown>(
      `/v1/admin/customers/${customerId}/merge`,
      { mergedId: other.body.customer.id },
      withKey(),
    );
  },
};

describe.each(Object.entries(ways))('%s', (_way, give) => {
  test('for their own card: refused', async () => {
    expect(outcome(await give(manager, shop.cards[0]!))).toEqual([403, 'self-award']);
  });

  test('for somebody else, or by a colleague: done', async () => {
    expect(outcome(await give(manager, shop.cards[1]!))[1]).toBe('done');
    expect(outcome(await give(colleague, shop.cards[0]!))[1]).toBe('done');
  });
});

test('a sale that a till says they rang up for themselves earns nothing', async () => {
  const customer = { cardCode: shop.cards[0]!.code };
  const own = await till.record(shop.sale({ customer, staffId: manager.id }));
  expect(own).toMatchObject({ cards: [{ earned: 0, explanation: [{ code: 'self-award' }] }] });
});

test('a card that their own was merged into is their own as well', async () => {
  const merged = await employ('merged@cafe.example');
  const record = async (email: string) => {
    const body = { email, programIds: [shop.programs[0]!.id] };
    const added = await till.post<{ customer: { id: `cus_${string}` } }>(
      '/v1/admin/customers',
      body,
      withKey(),
    );
    return added.body.customer.id;
  };
  const [own, other] = [await record('merged@cafe.example'), await record('other@cafe.example')];
  const path = `/v1/admin/customers/${other}`;
  const done = await colleague.api.post<unknown>(`${path}/merge`, { mergedId: own }, withKey());
  expect(done.status).toBe(200);
  const cards = await till.get<{ data: { id: `crd_${string}`; code: string }[] }>(`${path}/cards`);
  const card = { ...shop.cards[0]!, ...cards.body.data[0]!, customerId: other };
  for (const way of ['stamps at the counter', 'an adjustment']) {
    expect(outcome(await ways[way]!(merged, card))).toEqual([403, 'self-award']);
  }
  const sale = shop.sale({ customer: { cardCode: card.code }, staffId: merged.id });
  expect(await till.record(sale)).toMatchObject({
    cards: [{ earned: 0, explanation: [{ code: 'self-award' }] }],
  });
});

test('a receipt that they rang up is not theirs to claim, whoever claims it for them', async () => {
  const claim = async (customerId: string) =>
    till.post<unknown>(
      `/v1/admin/customers/${customerId}/claims`,
      { claimCode: await aReceipt(manager.id) },
      withKey(),
    );
  expect(outcome(await claim(shop.cards[0]!.customerId))).toEqual([403, 'self-award']);
  expect(outcome(await claim(shop.cards[2]!.customerId))[1]).toBe('done');
});

test('an adjustment that waits for a second person is not approved by whose card it is', async () => {
  const { headers } = await till.get('/v1/admin/business');
  const limited = await till.send('PATCH', '/v1/admin/business', {
    json: { adjustmentLimit: 5 },
    headers: { 'If-Match': headers.get('etag') ?? '' },
  });
  expect(limited.status).toBe(200);
  const asked = await colleague.api.post(
    `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`,
    { amount: '6', reason: 'Six forgotten stamps' },
    { ...withKey(), Prefer: 'wait=0' },
  );
  expect(asked.status).toBe(202);
  const approval = await until('it waits', async () => {
    const open = await manager.api.get<{ data: { id: string }[] }>('/v1/admin/approvals');
    return open.body.data[0];
  });
  const approve = ({ api }: Member) =>
    api.post<unknown>(`/v1/admin/approvals/${approval.id}/approve`, {}, withKey());
  expect(outcome(await approve(manager))).toEqual([403, 'self-award']);
  expect(outcome(await approve(await employ(null)))[1]).toBe('done');
});
