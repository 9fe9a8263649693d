import type { Redis } from 'ioredis';

/** How long a value is believed, at each level. */
export interface CacheTimes {
  /** In Redis, for all processes. */
  sharedTtlSeconds: number;
  /** In this process. Both together are the longest that a change goes unseen. */
  localTtlMs: number;
  /** How long a value that was seen is believed while nobody can be asked. */
  staleMs: number;
}

export interface TwoLevelCache<Value> {
  /** The value, from here, from Redis or from `find`; what does not exist is remembered too. */
  get(id: string, find: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** Drops a value here and in Redis; other processes believe theirs until its time is over. */
  forget(id: string): Promise<void>;
}

interface Local<Value> {
  value: Value | null;
  seenAt: number;
  freshUntil: number;
}

const MAX_LOCAL = 10_000;
/** While one asks anew, the others go on with what was known for so long. */
const GRACE_MS = 500;
// Redis only spares the database here: without it the answer is the same, only dearer.
const PATIENCE_MS = 200;

/**
 * What Redis answers, or null when it is away or slow. Not when we are: what came while this process was
 * busy is read after its timers, so it is given that one more chance.
 */
export async function patiently<T>(
  answer: Promise<T | null>,
  patienceMs = PATIENCE_MS,
): Promise<T | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(() => setImmediate(resolve, null), patienceMs).unref();
  });
  return Promise.race([answer.catch(() => null), late]);
}

/**
 * Keeps answers close by: in this process, then in Redis, then from `find`. Without Redis it asks
 * `find`; while that fails, what was seen lately stands.
 */
export function createTwoLevelCache<Value extends object>(options: {
  redis: Redis;
  /** Of every key, this cache's name included. */
  prefix: string;
  times: CacheTimes;
  now: () => number;
}): TwoLevelCache<Value> {
  const { redis, prefix, now } = options;
  const { sharedTtlSeconds, localTtlMs, staleMs } = options.times;
  const local = new Map<string, Local<Value>>();
  const underWay = new Map<string, Promise<Local<Value>>>();

  async function look(id: string, find: () => Promise<Value | undefined>): Promise<Value | null> {
    const key = `${prefix}:${id}`;
    const shared = await patiently(redis.get(key));
    if (shared !== null) return JSON.parse(shared) as Value | null;
    const value = (await find()) ?? null;
    void patiently(redis.set(key, JSON.stringify(value), 'EX', sharedTtlSeconds));
    return value;
  }

  async function renew(
    id: string,
    find: () => Promise<Value | undefined>,
    known: Local<Value> | undefined,
  ): Promise<Local<Value>> {
    const at = now();
    const value = await look(id, find).catch((error: unknown) => {
      // With the database away nothing can have changed since.
      if (!known || known.seenAt + staleMs < at) throw error;
      return known.value;
    });
    const seenAt = known?.value === value ? known.seenAt : at;
    return { value, seenAt, freshUntil: at + localTtlMs };
  }

  /** One asks for all who come meanwhile; what is forgotten meanwhile is not kept. */
  async function ask(id: string, asking: Promise<Local<Value>>): Promise<Value | null> {
    underWay.set(id, asking);
    try {
      const found = await asking;
      if (underWay.get(id) === asking) {
        if (local.size >= MAX_LOCAL) local.clear();
        local.set(id, found);
      }
      return found.value;
    } finally {
      if (underWay.get(id) === asking) underWay.delete(id);
    }
  }

  return {
    async get(id, find) {
      const known = local.get(id);
      const at = now();
      if (known && known.freshUntil > at) return known.value ?? undefined;
      const asked = underWay.get(id);
      if (known && asked && known.freshUntil + GRACE_MS > at) return known.value ?? undefined;
      const value = asked ? (await asked).value : await ask(id, renew(id, find, known));
      return value ?? undefined;
    },
    async forget(id) {
      local.delete(id);
      underWay.delete(id);
      await patiently(redis.del(`${prefix}:${id}`));
    },
  };
}
