import { afterEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Options } from 'express-rate-limit';
import { Redis } from 'ioredis';
import { testRedis } from '../../tests/database.ts';
import { until } from '../../tests/until.ts';
import { createRateBucketStore } from './rate-bucket-store.ts';

const { url } = testRedis();
const HOUR_MS = 3_600_000;
let connections: Redis[] = [];

afterEach(() => {
  for (const redis of connections) redis.disconnect();
  connections = [];
});

/** A store of `limit` a window, as one edge has it. */
function aStore(limit: number, windowMs: number, prefix: string = randomUUID()) {
  const redis = new Redis(url);
  connections.push(redis);
  const store = createRateBucketStore(redis, prefix);
  void store.init?.({ limit, windowMs } as Options);
  const take = async (caller = 'till') => store.increment(caller);
  return { redis, store, take, isLetIn: async () => (await take()).totalHits <= limit };
}

const hits = (takes: readonly { totalHits: number }[]) => takes.map(({ totalHits }) => totalHits);

test('as many as the limit come at once; the next is told when there is room', async () => {
  const { take } = aStore(3, HOUR_MS);
  const before = Date.now();
  expect(hits([await take(), await take(), await take()])).toEqual([1, 2, 3]);
  const refused = await take();
  expect(refused.totalHits).toBe(4);
  const waitMs = refused.resetTime!.getTime() - before;
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(HOUR_MS / 3 + 60_000);
});

test('nobody is told to come back at once', async () => {
  const { take } = aStore(100, 100);
  const before = Date.now();
  const crowd = await Promise.all(Array.from({ length: 1_000 }, () => take()));
  const refused = crowd.filter(({ totalHits }) => totalHits > 100);
  const soonest = Math.min(...refused.map(({ resetTime }) => resetTime!.getTime()));
  expect(refused.length).toBeGreaterThan(0);
  expect(soonest).toBeGreaterThanOrEqual(before + 100);
});

test('those that come together are counted one by one, and each caller apart', async () => {
  const { take } = aStore(5, HOUR_MS);
  const crowd = await Promise.all(Array.from({ length: 8 }, () => take()));
  expect(hits(crowd)).toEqual([1, 2, 3, 4, 5, 6, 6, 6]);
  expect((await take('another')).totalHits).toBe(1);
});

test('a limit that divides no window evenly is kept to the last request', async () => {
  const { take } = aStore(7, HOUR_MS + 1);
  const crowd = [];
  for (let i = 0; i < 9; i += 1) crowd.push(await take());
  expect(hits(crowd)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 8]);
});

test('edges count together', async () => {
  const prefix = randomUUID();
  const edges = [aStore(2, HOUR_MS, prefix), aStore(2, HOUR_MS, prefix)] as const;
  expect(hits([await edges[0].take(), await edges[1].take()])).toEqual([1, 2]);
  expect(await edges[0].isLetIn()).toBe(false);
  expect(await edges[1].isLetIn()).toBe(false);
});

test('whoever was refused is let in again, one for each part of the window', async () => {
  const { take, isLetIn } = aStore(2, 4_000);
  await Promise.all([take(), take(), take()]);
  await until('let in again', isLetIn);
  expect(await isLetIn()).toBe(false);
});

test('while there is no room nobody is asked', async () => {
  const { redis, take } = aStore(1, HOUR_MS);
  await Promise.all([take(), take()]);
  redis.disconnect();
  expect((await take()).totalHits).toBe(2);
});

test('a caller whose counter was reset has all the room there is', async () => {
  const { store, take } = aStore(2, HOUR_MS);
  await Promise.all([take(), take(), take()]);
  await store.resetKey('till');
  expect((await take()).totalHits).toBe(1);
});

test('keys in Redis go away by themselves', async () => {
  const prefix = randomUUID();
  const { redis, take } = aStore(10, HOUR_MS, prefix);
  await take();
  const left = await redis.pttl(`${prefix}:bucket:till`);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(HOUR_MS / 10);
});
