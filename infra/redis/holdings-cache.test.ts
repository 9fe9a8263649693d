import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { anId } from '../../tests/builders/domain.ts';
import { testRedis } from '../../tests/database.ts';
import { createHoldingsCache, createHoldingsDropper, type Kept } from './holdings-cache.ts';
import { createHoldingsDestination } from './outbox-holdings.ts';

const { url, prefix } = testRedis();
let redis: Redis;
let clock = Date.now();

beforeAll(() => {
  redis = new Redis(url);
});
afterAll(() => redis.disconnect());

const businessId = anId('biz');
let customers = 0;

/** A customer of whom nothing is known yet, with how often the database was asked for them. */
function aCustomer() {
  const customerId = anId('cus', (customers += 1));
  // On a busy machine Redis is slow, and not away.
  const patienceMs = 60_000;
  const now = () => clock;
  const cache = createHoldingsCache<{ balance: number }>({ redis, prefix, now, patienceMs });
  const drop = createHoldingsDropper(redis, prefix);
  let asked = 0;
  return {
    customerId,
    read: (balance: number, holdsUntil: number | null = null) =>
      cache(businessId, customerId, async () => {
        asked += 1;
        return { value: { balance }, holdsUntil };
      }),
    /** A read that has begun and whose database answers when it is told to. */
    slowRead() {
      let answer: (kept: Kept<{ balance: number }>) => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        void cache(businessId, customerId, () => {
          resolve();
          return new Promise((done) => (answer = done));
        });
      });
      return {
        begun,
        answer: (balance: number) => answer({ value: { balance }, holdsUntil: null }),
      };
    },
    drop: () => drop([{ businessId, customerId }]),
    asked: () => asked,
    /** What is written behind a read's back: a script that Redis does not know is sent a second time. */
    settled: () => redis.ping().then(() => redis.ping()),
  };
}

describe('what a customer holds', () => {
  test('is asked of the database once, and again after a drop', async () => {
    const customer = aCustomer();
    expect(await customer.read(1)).toEqual({ balance: 1 });
    await customer.settled();
    expect(await customer.read(2)).toEqual({ balance: 1 });
    await customer.drop();
    expect(await customer.read(2)).toEqual({ balance: 2 });
    expect(customer.asked()).toBe(2);
  });

  test('read before a commit and written back after it does not stay', async () => {
    const customer = aCustomer();
    const slow = customer.slowRead();
    await slow.begun;
    await customer.drop();
    slow.answer(1);
    await customer.settled();
    expect(await customer.read(2)).toEqual({ balance: 2 });
  });

  test('read between two commits does not outlive the second', async () => {
    const customer = aCustomer();
    await customer.drop();
    const slow = customer.slowRead();
    await slow.begun;
    await customer.drop();
    slow.answer(1);
    await customer.settled();
    expect(await customer.read(2)).toEqual({ balance: 2 });
  });

  test('is kept again after a drop', async () => {
    const customer = aCustomer();
    await customer.drop();
    await customer.read(1);
    await customer.settled();
    await customer.read(2);
    expect(customer.asked()).toBe(1);
  });

  test('ends when time changes it, to the millisecond', async () => {
    const customer = aCustomer();
    await customer.read(1, clock + 1_000);
    await customer.settled();
    clock += 999;
    expect(await customer.read(2)).toEqual({ balance: 1 });
    clock += 1;
    expect(await customer.read(2)).toEqual({ balance: 2 });
  });

  test('is dropped by the facts that leave the outbox, for everybody they name', async () => {
    const customer = aCustomer();
    await customer.read(1);
    await customer.settled();
    const destination = createHoldingsDestination(createHoldingsDropper(redis, prefix));
    const data = { survivorId: anId('cus', 99), mergedId: customer.customerId };
    await destination.deliver([{ businessId, events: [{ data }] }]);
    expect(await customer.read(2)).toEqual({ balance: 2 });
  });

  test('never stays for ever: whatever is written has a time to live', async () => {
    const customer = aCustomer();
    await customer.read(1);
    await customer.settled();
    const keys = await redis.keys(`${prefix}:holdings:*:${customer.customerId}`);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
    await customer.drop();
    for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
  });

  test('is read from the database while Redis is away', async () => {
    const away = new Redis({
      host: '127.0.0.1',
      port: 1,
      lazyConnect: true,
      retryStrategy: null,
      enableOfflineQueue: false,
    });
    away.on('error', () => undefined);
    const cache = createHoldingsCache<number>({ redis: away, prefix, now: () => clock });
    const find = async () => ({ value: 7, holdsUntil: null });
    expect(await cache(businessId, anId('cus', 98), find)).toBe(7);
    away.disconnect();
  });
});
