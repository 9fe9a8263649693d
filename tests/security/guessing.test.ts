/** Who tries one code after the other is stopped and seen; who mistypes is not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { opsAuthorization, startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, problemCode } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { until } from '../until.ts';

const LOOKUP = '/v1/pos/customers/lookup';

let stack: TestStack;
let shop: Shop;
let other: Shop;
let till: Api;

beforeAll(async () => {
  stack = await startTestStack({
    processes: ['edge', 'worker'],
    env: { MISSES_PER_MINUTE: '5' },
  });
  shop = await openShop(stack.database.ownerUrl);
  other = await openShop(stack.database.ownerUrl);
  till = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(() => stack?.stop());

describe('a key that asks for codes nobody has', () => {
  test('is let on while what it asks for is there', async () => {
    for (let i = 0; i < 10; i += 1) {
      expect((await till.get(`${LOOKUP}?cardCode=${shop.cards[0]!.code}`)).status).toBe(200);
    }
  });

  test('gets the same answer for a code of another business as for none', async () => {
    const foreign = await till.get(`${LOOKUP}?cardCode=${other.cards[0]!.code}`);
    const absent = await till.get(`${LOOKUP}?cardCode=nobody-has-this`);
    const seen = ({ status, body }: typeof foreign) => ({
      status,
      ...(body as object),
      requestId: 0,
    });
    expect(seen(foreign)).toEqual(seen(absent));
    expect(foreign.status).toBe(404);
  });

  test('is stopped after a few, also where it would have found something', async () => {
    for (let i = 0; i < 3; i += 1) await till.get(`${LOOKUP}?cardCode=guess-number-${i}`);
    const reply = await till.get(`${LOOKUP}?cardCode=${shop.cards[0]!.code}`);
    expect([reply.status, problemCode(reply)]).toEqual([429, 'too-many-requests']);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(reply.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  test('still sells, and nobody else is stopped', async () => {
    expect((await till.post('/v1/pos/transactions', shop.sale())).status).toBe(202);
    const neighbour = createApi(stack.edgeUrl, other.apiKey);
    expect((await neighbour.get(`${LOOKUP}?cardCode=${other.cards[0]!.code}`)).status).toBe(200);
  });
});

describe('a key whose sales name cards that nobody has', () => {
  const sale = (n: number) => guessed.sale({ customer: { cardCode: `guess-in-a-sale-${n}` } });
  let guessed: Shop;
  let guesser: Api;

  beforeAll(async () => {
    guessed = await openShop(stack.database.ownerUrl);
    guesser = createApi(stack.edgeUrl, guessed.apiKey);
  });

  test('is stopped from looking cards up, whether it waits for the answer or asks the job', async () => {
    for (let i = 0; i < 3; i += 1) {
      const wait = { Prefer: 'wait=10' };
      const declined = await guesser.post<unknown>('/v1/pos/transactions', sale(i), wait);
      expect([declined.status, problemCode(declined)]).toEqual([422, 'unknown-card']);
    }
    for (let i = 3; i < 5; i += 1) {
      const queued = await guesser.post('/v1/pos/transactions', sale(i));
      // However often it is asked for, a job is one miss.
      for (let again = 0; again < 3; again += 1) await guesser.endOf(queued.body.job.id);
    }
    const card = guessed.cards[0]!.code;
    await until('it is stopped', async () => {
      return (await guesser.get(`${LOOKUP}?cardCode=${card}`)).status === 429;
    });
    expect((await guesser.post('/v1/pos/transactions', guessed.sale())).status).toBe(202);
  });
});

describe('who guessed', () => {
  test('is counted where an alarm looks', async () => {
    const headers = { Authorization: opsAuthorization };
    const metrics = await (await fetch(`${stack.opsUrl}/metrics`, { headers })).text();
    expect(metrics).toMatch(/^regulars_guessing_suspected_total 2$/m);
  });

  test('is in the log once, by its id, for an alarm on the metric', async () => {
    await stack.stopProcesses();
    const lines = stack.logs().split('\n');
    const alarms = lines.filter((line) => line.includes('enumeration_suspected'));
    expect(alarms).toHaveLength(2);
    expect(JSON.parse(alarms.find((line) => line.includes(shop.businessId))!)).toMatchObject({
      metric: 'enumeration_suspected',
      route: 'lookup-customer',
      caller: 'integration',
      keyId: expect.stringMatching(/^key_/),
      businessId: shop.businessId,
      misses: 5,
    });
    expect(stack.logs()).not.toMatch(/guess-number|guess-in-a-sale|nobody-has-this/);
  });
});
