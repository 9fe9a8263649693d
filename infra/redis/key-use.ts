import type { Redis } from 'ioredis';
import type { ApiKeyId } from '../../domain/values/ids.ts';
import { type Instant, MINUTE_MS } from '../../domain/values/time.ts';

/** As exact as it has to be to see which key a till has stopped using. */
const NOTED_EVERY_MS = MINUTE_MS;
/** Older than any key that somebody still wonders about. */
const KEPT_SECONDS = 400 * 86_400;
/** Keys seen by one process; more are noted more often. */
const MAX_KEYS = 10_000;

/**
 * When keys were last used, to the minute. The edge cannot write to PostgreSQL, so it is kept in
 * Redis, and nobody waits for it: a note that is lost is made a minute later.
 */
export function createKeyUse(options: { redis: Redis; prefix: string; now: () => Instant }) {
  const { redis, now } = options;
  const noted = new Map<ApiKeyId, Instant>();
  const name = (id: string) => `${options.prefix}:key-used:${id}`;

  function note(id: ApiKeyId): void {
    const at = now();
    if (at - (noted.get(id) ?? 0) < NOTED_EVERY_MS) return;
    if (noted.size >= MAX_KEYS) noted.clear();
    noted.set(id, at);
    redis.set(name(id), at, 'EX', KEPT_SECONDS).catch(() => noted.delete(id));
  }

  return {
    /** Finds keys as `find` does, and notes that they are used. */
    noting<Principal extends { keyId: ApiKeyId }>(
      find: (secretHash: Buffer) => Promise<Principal | undefined>,
    ) {
      return async (secretHash: Buffer): Promise<Principal | undefined> => {
        const principal = await find(secretHash);
        if (principal) note(principal.keyId);
        return principal;
      };
    },

    /** When keys were last used, in order; null for one that was not, or while Redis is away. */
    async lastUsed(ids: readonly string[]): Promise<(Instant | null)[]> {
      if (ids.length === 0) return [];
      const values = await redis.mget(ids.map(name)).catch(() => ids.map(() => null));
      return values.map((value) => (value === null ? null : Number(value)));
    },
  };
}
