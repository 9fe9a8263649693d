import type { Redis } from 'ioredis';
import { patiently } from './two-level-cache.ts';

/** A person, as `pool#subject`. */
type PersonKey = string;

const SEEN_SECONDS = 300;

/**
 * What every edge must know of sessions at once: which were ended, and which were noted lately. The
 * table behind it remembers for longer; a Redis that lost its marks gets them back from there when
 * the session is next seen.
 */
export function createSessionMarks(options: { redis: Redis; prefix: string; lifeMs: number }) {
  const { redis, lifeMs } = options;
  const keyOf = (kind: string, person: PersonKey, id = '') =>
    `${options.prefix}:session:${kind}:${person}:${id}`;

  return {
    /** Whether a session has ended. Without Redis nothing is known to have. */
    async isEnded(person: PersonKey, session: { id: string; startedAt: number }): Promise<boolean> {
      const keys = [keyOf('ended', person, session.id), keyOf('all-ended', person)];
      const [one, all] = (await patiently(redis.mget(keys))) ?? [];
      // A token tells whole seconds: what began in the second of the ending is ended too.
      return Boolean(one) || (Boolean(all) && session.startedAt <= Number(all));
    },
    async end(person: PersonKey, id: string): Promise<void> {
      await redis.set(keyOf('ended', person, id), '1', 'PX', lifeMs);
    },
    /** Ends what began until then. */
    async endAll(person: PersonKey, at: number): Promise<void> {
      await redis.set(keyOf('all-ended', person), String(at), 'PX', lifeMs);
    },
    /** Whether nobody has noted it within five minutes; then it is taken for noted. */
    async isUnseen(person: PersonKey, id: string): Promise<boolean> {
      const key = keyOf('seen', person, id);
      return (await patiently(redis.set(key, '1', 'EX', SEEN_SECONDS, 'NX'))) === 'OK';
    },
  };
}

export type SessionMarks = ReturnType<typeof createSessionMarks>;
