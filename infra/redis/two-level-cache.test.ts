import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { testRedis } from '../../tests/database.ts';
import { until } from '../../tests/until.ts';
import { createTwoLevelCache, patiently } from './two-level-cache.ts';

const { url, prefix } = testRedis();
const key = `${prefix}:answer`;
let redis: Redis;

beforeAll(async () => {
  redis = new Redis(url);
  await redis.set(key, 'here', 'EX', 60);
});

afterAll(() => redis.disconnect());

/** Does nothing else for a while, as a process does that is given no processor. */
function beBusy(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('an answer that came in time is taken, however late this process gets to read it', async () => {
  const asked = patiently(redis.get(key));
  beBusy(1_000);
  expect(await asked).toBe('here');
});

test('one that does not come is not waited for', async () => {
  expect(await patiently(new Promise<string>(() => undefined))).toBeNull();
  expect(await patiently(Promise.reject(new Error('away')))).toBeNull();
});

describe('what is asked for again and again', () => {
  const times = { sharedTtlSeconds: 60, localTtlMs: 4_000, staleMs: 60_000 };
  let clock = 0;
  let caches = 0;

  /** A cache, and a place where values are found, which answers when it is told to. */
  function aCache() {
    const name = `${prefix}:cache-${(caches += 1)}`;
    const cache = createTwoLevelCache<{ n: number }>({
      redis,
      prefix: name,
      times,
      now: () => clock,
    });
    const asked: PromiseWithResolvers<{ n: number }>[] = [];
    const find = () => {
      const one = Promise.withResolvers<{ n: number }>();
      asked.push(one);
      return one.promise;
    };
    const isAsked = (often: number) => until(`asked ${often} times`, () => asked.length === often);
    const get = () => cache.get('key', find);
    /** What other processes and this one know is old. */
    const age = async () => {
      clock += times.localTtlMs;
      await redis.del(`${name}:key`);
    };
    return { cache, get, asked, isAsked, age };
  }

  test('is looked for once, for all who ask meanwhile', async () => {
    const { get, asked, isAsked } = aCache();
    const crowd = Array.from({ length: 50 }, get);
    await isAsked(1);
    asked[0]!.resolve({ n: 1 });
    expect(new Set((await Promise.all(crowd)).map((value) => value?.n))).toEqual(new Set([1]));
    expect(asked).toHaveLength(1);
  });

  test('is known from before while one asks anew, and not for long', async () => {
    const { get, asked, isAsked, age } = aCache();
    const first = get();
    await isAsked(1);
    asked[0]!.resolve({ n: 1 });
    await first;
    await age();
    const second = get();
    await isAsked(2);
    expect(await get()).toEqual({ n: 1 });
    clock += 500;
    const third = get();
    asked[1]!.resolve({ n: 2 });
    expect([await second, await third]).toEqual([{ n: 2 }, { n: 2 }]);
    expect(asked).toHaveLength(2);
  });

  test('is not known from before it was forgotten, though it was being looked for', async () => {
    const { cache, get, asked, isAsked } = aCache();
    const before = get();
    await isAsked(1);
    await cache.forget('key');
    const after = get();
    await isAsked(2);
    asked[1]!.resolve({ n: 2 });
    expect(await after).toEqual({ n: 2 });
    asked[0]!.resolve({ n: 1 });
    expect(await before).toEqual({ n: 1 });
    expect(await get()).toEqual({ n: 2 });
  });

  test('that could not be found out is looked for again', async () => {
    const { get, asked, isAsked } = aCache();
    const failing = get();
    await isAsked(1);
    asked[0]!.reject(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    const again = get();
    await isAsked(2);
    asked[1]!.resolve({ n: 1 });
    expect(await again).toEqual({ n: 1 });
  });
});
