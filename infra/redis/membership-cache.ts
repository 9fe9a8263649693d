import type { Redis } from 'ioredis';
import { createTwoLevelCache } from './two-level-cache.ts';

// Somebody who was removed is refused within 10 s, as a revoked key is; the worker looks for itself
// in any case. While the database is away,
// and nobody can be removed, what was known lately stands.
const TIMES = { sharedTtlSeconds: 5, localTtlMs: 4_000, staleMs: 4 * 60_000 };

interface Found<Membership> {
  memberships: readonly Membership[];
}

/**
 * Keeps who belongs to which business close by. That a business does not know a person is not kept:
 * they may join at any moment, and then go on at once.
 */
export function createMembershipCache<Membership extends { businessId: string }>(options: {
  redis: Redis;
  prefix: string;
  /** Sets apart what is kept for one kind of people. */
  name: string;
  find: (subject: string) => Promise<readonly Membership[]>;
  now: () => number;
}) {
  const { redis, now, find } = options;
  const prefix = `${options.prefix}:member:${options.name}`;
  const cache = createTwoLevelCache<Found<Membership>>({ redis, prefix, times: TIMES, now });
  return async (subject: string, wanted: string | undefined): Promise<readonly Membership[]> => {
    const look = () => cache.get(subject, async () => ({ memberships: await find(subject) }));
    const known = (await look())?.memberships ?? [];
    const isThere = known.some((m) => wanted === undefined || m.businessId === wanted);
    if (isThere) return known;
    await cache.forget(subject);
    return (await look())?.memberships ?? [];
  };
}
