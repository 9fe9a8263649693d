import type { Redis } from 'ioredis';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { groupCommit } from '../batching/group-commit.ts';

const MAX_PER_PIPELINE = 200;

/** Counts requests in Redis, for all edges together; those that come together go in one pipeline. */
export function createRateLimitStore(redis: Redis, prefix: string): RedisStore {
  const send = groupCommit<[command: string, ...args: string[]], RedisReply>(
    async (commands) => {
      const [alone, another] = commands;
      if (alone && !another) return [(await redis.call(...alone)) as RedisReply];
      const pipeline = redis.pipeline();
      for (const [command, ...args] of commands) pipeline.call(command, ...args);
      const answers = await pipeline.exec();
      const results = (answers ?? []).map(([error, answer]) => error ?? (answer as RedisReply));
      // All of them: Redis is away, and those who wait behind this call need not try it too.
      const [first] = results;
      if (first instanceof Error && results.every((result) => result instanceof Error)) throw first;
      return results;
    },
    { maxItems: MAX_PER_PIPELINE },
  );
  return new RedisStore({
    prefix: `${prefix}:rate:`,
    sendCommand: (command: string, ...args: string[]) => send([command, ...args]),
  });
}
