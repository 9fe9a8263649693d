/** Cards are read from close by, and are right within a second of every commit; sales are looked up. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, refusal } from './api.ts';
import { ADMIN, createOffice, sale } from './office.ts';
import { openShop, type Shop } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let till: Api;
let redis: Redis;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker', 'worker', 'relay'] });
  shop = await openShop(stack.database.ownerUrl);
  till = createApi(stack.edgeUrl, shop.apiKey);
  redis = new Redis(stack.redis.url);
});

afterAll(async () => {
  try {
    redis?.disconnect();
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
  }
});

/** What a commit did not drop would only be seen after the ten seconds for which it is kept. */
const DROPPED = { timeoutMs: 8_000 };

type Found = { cards: { balance: number; status: string }[] };
const lookUp = (cardCode: string) =>
  till.get<Found>(`/v1/pos/customers/lookup?cardCode=${cardCode}`);

describe('a card', () => {
  test('read all the time while it is sold on never shows a balance older than a second', async () => {
    const { code } = shop.cards[0]!;
    const earned = (sales: number) => sales % 10;
    /** When each sale was known to be committed. */
    const committed: number[] = [];
    const selling = { isOver: false };
    let reads = 0;
    const faults: string[] = [];
    async function readOn(): Promise<void> {
      while (!selling.isOver) {
        const began = Date.now();
        const reply = await lookUp(code);
        const { balance } = reply.body.cards[0]!;
        const least = committed.filter((time) => time < began - 1_000).length;
        // Sales that are under way while it reads may or may not be in it.
        const possible = new Set<number>();
        for (let n = least; n <= committed.length + 1; n += 1) possible.add(earned(n));
        if (!possible.has(balance)) faults.push(`${balance} of ${least}–${committed.length}`);
        reads += 1;
      }
    }
    const readers = [readOn(), readOn(), readOn(), readOn()];
    for (let n = 0; n < 60; n += 1) {
      await till.record(shop.sale());
      committed.push(Date.now());
    }
    selling.isOver = true;
    await Promise.all(readers);
    expect(faults).toEqual([]);
    expect(reads).toBeGreaterThan(60);
    await till.record(shop.sale());
    await until(
      'the last sale is seen',
      async () => (await lookUp(code)).body.cards[0]!.balance === earned(61),
      DROPPED,
    );
  });

  test('is read from Redis, which knows nobody’s name, phone or e-mail', async () => {
    const name = `Canary ${randomUUID()}`;
    const email = `${randomUUID()}@canary.example`;
    const phone = '+351961112224';
    const headers = { 'Idempotency-Key': randomUUID() };
    await till.post('/v1/admin/customers', { name, email, phone }, headers);
    await till.record(shop.sale({ customer: { phone } }));
    const found = await till.get<object>(
      `/v1/pos/customers/lookup?phone=${encodeURIComponent(phone)}`,
    );
    expect(found.body).toMatchObject({ customer: { name }, cards: [{ balance: 1 }] });
    const keys = await until('something is kept', async () => {
      await lookUp(shop.cards[0]!.code);
      const kept = await redis.keys(`${stack.redis.prefix}:holdings:*`);
      const values = await Promise.all(kept.map((key) => redis.get(key)));
      return values.some((value) => value?.startsWith('{')) && kept;
    });
    // -2: it is over already; -1 would be for ever.
    for (const key of keys) expect(await redis.pttl(key)).not.toBe(-1);
    for (const key of await redis.keys(`${stack.redis.prefix}:*`)) {
      const held = (await redis.type(key)) === 'string' ? await redis.get(key) : null;
      const text = held ?? JSON.stringify(await redis.hgetall(key).catch(() => ''));
      for (const canary of [name, email, phone]) expect(text).not.toContain(canary);
    }
  });

  test('that was blocked is shown as blocked', async () => {
    const { id, code } = shop.cards[0]!;
    await lookUp(code);
    const headers = { 'Idempotency-Key': randomUUID() };
    await till.post(`/v1/admin/cards/${id}/block`, { reason: 'Lost' }, headers);
    await until(
      'it is blocked',
      async () => (await lookUp(code)).body.cards[0]!.status === 'blocked',
      DROPPED,
    );
  });
});

test('what was recorded is looked up by store, card and time, and says why it gave what it gave', async () => {
  const { storeId } = await createOffice(till).openProgram();
  const phone = { customer: { phone: '+351912345681' } };
  const first = await till.record(sale(storeId, phone));
  const second = await till.record(sale(storeId, phone));
  const anonymous = await till.record(sale(storeId, { customer: undefined }));
  type Page = { data: { id: string }[]; nextCursor: string | null };
  const LIST = `${ADMIN}/transactions`;
  const idsOf = async (query: string) =>
    (await till.get<Page>(`${LIST}?${query}`)).body.data.map(({ id }) => id);
  const newestFirst = [anonymous.id, second.id, first.id];
  expect(await idsOf(`storeId=${storeId}`)).toEqual(newestFirst);
  const page = (await till.get<Page>(`${LIST}?storeId=${storeId}&limit=2`)).body;
  expect(await idsOf(`storeId=${storeId}&cursor=${page.nextCursor}`)).toEqual([first.id]);
  const [card] = first.cards;
  expect(await idsOf(`cardId=${card!.cardId}`)).toEqual([second.id, first.id]);
  expect(await idsOf(`customerId=${first.customerId}&kind=refund`)).toEqual([]);
  const future = '2100-01-01T00:00:00Z';
  expect(await idsOf(`storeId=${storeId}&from=${future}`)).toEqual([]);
  expect(await idsOf(`storeId=${storeId}&to=${future}`)).toEqual(newestFirst);
  const range = 'from=2020-01-01T00:00:00Z&to=2022-01-01T00:00:00Z';
  expect(refusal(await till.get(`${LIST}?${range}`))).toEqual([400, 'malformed-query']);

  const why = await till.get<{ explanation: { steps: { text: string }[] }[] }>(
    `${LIST}/${first.id}`,
  );
  expect(why.body).toMatchObject({
    id: first.id,
    total: { amount: 450, currency: 'EUR' },
    explanation: [{ cardId: card!.cardId, programName: 'Card' }],
  });
  expect(why.body.explanation[0]!.steps.map(({ text }) => text)).toContain('Earned 1 stamp');
  const nobody = await till.get(`${LIST}/${anonymous.id}`);
  expect(nobody.body).toMatchObject({
    explanation: [{ cardId: null, steps: [{ code: 'no-customer' }] }],
  });
  const other = createApi(stack.edgeUrl, (await openShop(stack.database.ownerUrl)).apiKey);
  expect((await other.get(`${LIST}/${first.id}`)).status).toBe(404);
});
