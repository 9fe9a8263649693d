import type { Store } from 'express-rate-limit';
import type { Redis } from 'ioredis';
import { groupCommit } from '../batching/group-commit.ts';

const MAX_PER_CALL = 200;
const SOONEST_MS = 100;
/** More callers than these at once and all are asked about again. */
const MAX_FULL = 10_000;

/**
 * For each key two numbers: how many of its requests are counted, and in how many microseconds there is
 * room again (for one that was refused), or all of it is. Held is the moment at which all there was room
 * for is there again: GCRA, the leaky bucket of ATM's traffic contracts (ITU-T I.371).
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, spacing = tonumber(ARGV[1]), tonumber(ARGV[2])
local answers = {}
for i, key in ipairs(KEYS) do
  local free = math.max(now, tonumber(redis.call('GET', key) or 0)) + spacing
  local ahead = free - now
  local over = ahead - limit * spacing
  if over > 0 then
    answers[2 * i - 1] = limit + 1
    answers[2 * i] = over
  else
    redis.call('SET', key, string.format('%.0f', free), 'PX', math.ceil(ahead / 1000))
    answers[2 * i - 1] = math.ceil(ahead / spacing)
    answers[2 * i] = ahead
  end
end
return answers`;

type RedisWithTake = Redis & {
  takeFromBuckets(count: number, ...keysAndArguments: (string | number)[]): Promise<number[]>;
};

/**
 * Counts requests in Redis, for all edges together, as buckets that fill steadily: a limiter's `limit`
 * may come at once, and then as many as its window lets through evenly. So whoever sends too much is let
 * in at an even pace, where a counter that begins anew each window would let all of them in at its start
 * and none afterwards. Requests that come together are counted in one call.
 */
export function createRateBucketStore(redis: Redis, prefix: string): Store {
  redis.defineCommand('takeFromBuckets', { lua: TAKE });
  const keyOf = (caller: string) => `${prefix}:bucket:${caller}`;
  let limit = 1;
  /** In microseconds, whole ones, so that nothing is rounded. */
  let spacing = 1;
  /**
   * Who was refused, and from when the next one may be asked about: the others in between would be
   * refused as well, and whoever floods us is not to cost Redis anything.
   */
  const nextAt = new Map<string, number>();
  const take = groupCommit<string, { totalHits: number; resetTime: Date }>(
    async (keys) => {
      const command = redis as RedisWithTake;
      const answers = await command.takeFromBuckets(keys.length, ...keys, limit, spacing);
      const now = Date.now();
      return keys.map((key, i) => {
        const totalHits = answers[2 * i] ?? 0;
        const at = now + Math.ceil((answers[2 * i + 1] ?? 0) / 1_000);
        if (totalHits > limit) {
          noteFull(key, at);
          return refusedUntil(at);
        }
        if (totalHits < limit / 2) nextAt.delete(key);
        return { totalHits, resetTime: new Date(at) };
      });
    },
    { maxItems: MAX_PER_CALL },
  );

  /** Not so soon that it is over when it is told: `Retry-After: 0` would bring them back at once. */
  function refusedUntil(at: number) {
    return { totalHits: limit + 1, resetTime: new Date(Math.max(at, Date.now() + SOONEST_MS)) };
  }

  function noteFull(key: string, at: number): void {
    if (nextAt.size >= MAX_FULL) nextAt.clear();
    nextAt.set(key, Math.max(at, nextAt.get(key) ?? 0));
  }

  return {
    init(options) {
      if (typeof options.limit !== 'number') throw new TypeError('a bucket has one limit for all');
      ({ limit } = options);
      spacing = Math.max(1, Math.floor((options.windowMs * 1_000) / limit));
    },
    increment(caller) {
      const key = keyOf(caller);
      const at = nextAt.get(key);
      if (at === undefined) return take(key);
      if (at > Date.now()) return refusedUntil(at);
      nextAt.set(key, at + spacing / 1_000);
      return take(key);
    },
    decrement() {
      throw new Error('what was let in is not taken back');
    },
    async resetKey(caller) {
      nextAt.delete(keyOf(caller));
      await redis.del(keyOf(caller));
    },
  };
}
