import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisHandle, startRedis } from '../local/redis.ts';
import { assertDurableRedis } from './assert-durable.ts';

// A server of its own: its settings are turned wrong one by one.
let dir: string;
let server: RedisHandle;
let redis: Redis;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'regulars-durable-'));
  server = await startRedis({ dataDir: dir, maxmemoryMb: 64 });
  redis = new Redis(server.url);
});

const right = {
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  maxmemory: String(64 * 1024 * 1024),
};

afterEach(async () => {
  for (const [name, value] of Object.entries(right)) await redis.config('SET', name, value);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('a Redis', () => {
  test('that syncs before it answers and evicts nothing is taken', async () => {
    await expect(assertDurableRedis(redis)).resolves.toBeUndefined();
  });

  test.each([
    ['appendonly', 'no'],
    ['appendfsync', 'everysec'],
    ['appendfsync', 'no'],
    ['maxmemory-policy', 'allkeys-lru'],
    ['maxmemory-policy', 'volatile-ttl'],
    ['maxmemory', '0'],
  ])('with %s %s is refused by name, and told what is right', async (name, value) => {
    await redis.config('SET', name, value);
    await expect(assertDurableRedis(redis)).rejects.toThrow(`${name} is ${value}`);
    await expect(assertDurableRedis(redis)).rejects.toThrow('appendfsync always');
  });

  test('with several faults is told all of them at once', async () => {
    await redis.config('SET', 'appendfsync', 'everysec');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(assertDurableRedis(redis)).rejects.toThrow(
      /appendfsync is everysec.*maxmemory-policy is allkeys-lru/,
    );
  });
});
