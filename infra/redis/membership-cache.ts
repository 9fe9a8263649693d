import type { Redis } from 'ioredis';
import { createTwoLevelCache } from './two-level-cache.ts';

// Somebody who was removed must be refused within 5 minutes everywhere, and the worker looks for
// itself in any case.
const TIMES = { sharedTtlSeconds: 30, localTtlMs: 10_000, staleMs: 4 * 60_000 };

interface Found<Membership> {
  memberships: readonly Membership[];
}

/**
 * Keeps who belongs to which business close by. That nobody knows a person is not kept: they may
 * join at any moment, and then go on at once.
 */
export function createMembershipCache<Membership extends object>(options: {
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
  return {
    async of(subject: string): Promise<readonly Membership[]> {
      const found = await cache.get(subject, async () => ({ memberships: await find(subject) }));
      if (found && found.memberships.length > 0) return found.memberships;
      await cache.forget(subject);
      return find(subject);
    },
    forget: (subject: string) => cache.forget(subject),
  };
}
