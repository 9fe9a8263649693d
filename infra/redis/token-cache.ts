import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { patiently } from './two-level-cache.ts';

// A revoked token is refused everywhere when this has passed; P8 allows 5 minutes.
const LOCAL_TTL_MS = 3_000;
const MAX_LOCAL = 10_000;
const REVOKED = 'revoked';

interface Expiring {
  /** Epoch milliseconds. */
  expiresAt: number;
}

/**
 * Keeps whose a token is until it expires, so that its signature is checked once and not with every
 * request. Kept under the SHA-256 of the token: nobody who reads Redis can sign in with what is there.
 */
export function createTokenCache<Owner extends Expiring>(options: {
  redis: Redis;
  prefix: string;
  verify: (token: string) => Promise<Owner | undefined>;
  /** Whether the session that it comes from was ended. */
  isEnded: (owner: Owner) => Promise<boolean>;
  now: () => number;
}) {
  const { redis, verify, isEnded, now } = options;
  const local = new Map<string, { owner: Owner | null; freshUntil: number }>();
  const keyOf = (id: string) => `${options.prefix}:token:${id}`;

  async function look(id: string, token: string): Promise<Owner | null> {
    const shared = await patiently(redis.get(keyOf(id)));
    if (shared === REVOKED) return null;
    const owner = shared === null ? await verify(token) : (JSON.parse(shared) as Owner);
    if (!owner || (await isEnded(owner))) return null;
    if (shared !== null) return owner;
    const leftMs = Math.max(1, owner.expiresAt - now());
    // NX: what was revoked while it was being verified stays revoked.
    void patiently(redis.set(keyOf(id), JSON.stringify(owner), 'PX', leftMs, 'NX'));
    return owner;
  }

  return {
    /** Whose the token is; undefined when it does not hold, or no longer. */
    async verify(token: string): Promise<Owner | undefined> {
      const id = hash('sha256', token, 'base64url');
      const at = now();
      const known = local.get(id);
      const isFresh = known !== undefined && known.freshUntil > at;
      const owner = isFresh ? known.owner : await look(id, token);
      // What does not hold is not kept: anybody can make up more of those than we can remember.
      if (!isFresh && owner) {
        if (local.size >= MAX_LOCAL) local.clear();
        local.set(id, { owner, freshUntil: at + LOCAL_TTL_MS });
      }
      return owner && owner.expiresAt > at ? owner : undefined;
    },

    /** Refuses the token from now on: here at once, elsewhere within seconds. */
    async revoke(token: string): Promise<void> {
      const owner = await verify(token);
      if (!owner) return;
      const id = hash('sha256', token, 'base64url');
      await redis.set(keyOf(id), REVOKED, 'PX', Math.max(1, owner.expiresAt - now()));
      local.delete(id);
    },
  };
}
