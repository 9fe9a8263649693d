import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import { patiently } from './two-level-cache.ts';

/** What is kept, and until when it holds: an expiry or a reservation's end changes it by itself. */
export interface Kept<Value> {
  value: Value;
  /** Epoch milliseconds; null where time changes nothing. */
  holdsUntil: number | null;
}

/** Should both who drop have failed, this is how long an old balance may be seen. */
const TTL_SECONDS = 10;
/** Longer than any read of the database takes, so that whoever reads meanwhile finds the mark. */
const MARK_SECONDS = 30;
const READ_MS = 10_000;

// Writes back only where nothing was dropped since the reader looked: what it read may be older than
// the commit that dropped it.
const FILL = `
local now = redis.call('GET', KEYS[1])
if (now or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end`;

const DROP = `
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'EX', ARGV[2]) end`;

const MARK = 'dropped ';

type RedisWithHoldings = Redis & {
  fillHoldings(count: 1, key: string, ...values: (string | number)[]): Promise<null>;
  dropHoldings(count: number, ...keysAndValues: (string | number)[]): Promise<null>;
};

const keyOf = (prefix: string, businessId: BusinessId, customerId: CustomerId) =>
  `${prefix}:holdings:${businessId}:${customerId}`;

/**
 * What a customer holds, read through Redis. A commit drops it (see `createHoldingsDropper`), so that
 * the next read sees what was committed; a read that began before leaves nothing behind, because the
 * drop leaves a mark in its place. Ids, codes and amounts only: names and contacts are never kept.
 * With Redis away every read goes to the database.
 */
export function createHoldingsCache<Value>(options: {
  redis: Redis;
  prefix: string;
  now: () => number;
  /** How long Redis may take before it counts as away. */
  patienceMs?: number;
}) {
  const { redis, prefix, now, patienceMs } = options;
  redis.defineCommand('fillHoldings', { lua: FILL });
  return async function read(
    businessId: BusinessId,
    customerId: CustomerId,
    find: () => Promise<Kept<Value>>,
  ): Promise<Value> {
    const key = keyOf(prefix, businessId, customerId);
    const began = now();
    // An answer that is not there and one that did not come are not the same.
    const seen = await patiently(
      redis.get(key).then((text) => text ?? ''),
      patienceMs,
    );
    if (seen !== null && seen !== '' && !seen.startsWith(MARK)) {
      const kept = JSON.parse(seen) as Kept<Value>;
      if (kept.holdsUntil === null || began < kept.holdsUntil) return kept.value;
    }
    const found = await find();
    if (seen !== null && now() - began < READ_MS) {
      const command = redis as RedisWithHoldings;
      const value = JSON.stringify(found);
      void patiently(command.fillHoldings(1, key, seen, value, TTL_SECONDS));
    }
    return found.value;
  };
}

/** Drops what customers hold, after a commit that may have changed it; one call for all of them. */
export function createHoldingsDropper(redis: Redis, prefix: string) {
  redis.defineCommand('dropHoldings', { lua: DROP });
  return async (
    touched: readonly { businessId: BusinessId; customerId: CustomerId }[],
  ): Promise<void> => {
    if (touched.length === 0) return;
    const keys = touched.map((t) => keyOf(prefix, t.businessId, t.customerId));
    const mark = `${MARK}${randomBytes(9).toString('base64url')}`;
    await (redis as RedisWithHoldings).dropHoldings(keys.length, ...keys, mark, MARK_SECONDS);
  };
}
