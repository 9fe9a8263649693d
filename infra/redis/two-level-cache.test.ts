import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { testRedis } from '../../tests/database.ts';
import { patiently } from './two-level-cache.ts';

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
