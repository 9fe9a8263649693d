import type { Redis } from 'ioredis';
import { createTwoLevelCache } from './two-level-cache.ts';

/** A revoked key must be refused within 10 s. A till that sold a minute ago may go on selling. */
const TIMES = { sharedTtlSeconds: 5, localTtlMs: 4_000, staleMs: 15 * 60_000 };

/**
 * Keeps what is known about keys close by. A key that does not exist is remembered too, or a wrong
 * till would ask the database at every sale.
 */
export function createApiKeyCache<Principal extends object>(options: {
  redis: Redis;
  prefix: string;
  find: (secretHash: Buffer) => Promise<Principal | undefined>;
  now: () => number;
}) {
  const { redis, now } = options;
  const prefix = `${options.prefix}:api-key`;
  const cache = createTwoLevelCache<Principal>({ redis, prefix, times: TIMES, now });
  return (secretHash: Buffer): Promise<Principal | undefined> =>
    cache.get(secretHash.toString('base64url'), () => options.find(secretHash));
}
