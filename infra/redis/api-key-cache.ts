import type { Redis } from 'ioredis';

// A revoked key must be refused within 10 s: 5 s here and 4 s in the process.
const SHARED_TTL_SECONDS = 5;
const LOCAL_TTL_MS = 4_000;
/** How long a key that was seen is believed while nobody can be asked. */
const STALE_MS = 15 * 60_000;
const MAX_LOCAL = 10_000;

// Redis only spares the database here: without it the answer is the same, only dearer.
const PATIENCE_MS = 200;

/** What Redis answers, or null when it is away or slow. */
async function patiently(answer: Promise<string | null>): Promise<string | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref());
  return Promise.race([answer.catch(() => null), late]);
}

/**
 * Keeps what is known about keys close by: in this process, then in Redis, then from `find`. A key
 * that does not exist is remembered too, or a wrong till would ask the database at every sale.
 * Without Redis it asks `find`.
 */
export function createApiKeyCache<Principal extends object>(options: {
  redis: Redis;
  prefix: string;
  find: (secretHash: Buffer) => Promise<Principal | undefined>;
  now: () => number;
}) {
  const local = new Map<
    string,
    { principal: Principal | null; seenAt: number; freshUntil: number }
  >();

  async function look(secretHash: Buffer, id: string): Promise<Principal | null> {
    const key = `${options.prefix}:api-key:${id}`;
    const shared = await patiently(options.redis.get(key));
    if (shared !== null) return JSON.parse(shared) as Principal | null;
    const principal = (await options.find(secretHash)) ?? null;
    void patiently(options.redis.set(key, JSON.stringify(principal), 'EX', SHARED_TTL_SECONDS));
    return principal;
  }

  return async (secretHash: Buffer): Promise<Principal | undefined> => {
    const id = secretHash.toString('base64url');
    const known = local.get(id);
    const now = options.now();
    if (known && known.freshUntil > now) return known.principal ?? undefined;
    const principal = await look(secretHash, id).catch((error: unknown) => {
      // With the database away no key can have been revoked since; a till that sold a minute ago
      // may go on selling.
      if (!known || known.seenAt + STALE_MS < now) throw error;
      return known.principal;
    });
    if (local.size >= MAX_LOCAL) local.clear();
    const seenAt = known?.principal === principal ? known.seenAt : now;
    local.set(id, { principal, seenAt, freshUntil: now + LOCAL_TTL_MS });
    return principal ?? undefined;
  };
}
