import type { Redis } from 'ioredis';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import { groupCommit } from '../batching/group-commit.ts';

const MAX_PER_PIPELINE = 200;

/** Counts requests in Redis, for all edges together; those that come together go in one pipeline. */
export function createRateLimitStore(redis: Redis, prefix: string): RedisStore {
  const send = groupCommit<[command: string, ...args: string[]], RedisReply>(
    async (commands) => {
      const pipeline = redis.pipeline();
      for (const [command, ...args] of commands) pipeline.call(command, ...args);
      const answers = await pipeline.exec();
      return (answers ?? []).map(([error, answer]) => error ?? (answer as RedisReply));
    },
    { maxItems: MAX_PER_PIPELINE },
  );
  return new RedisStore({
    prefix: `${prefix}:rate:`,
    sendCommand: (command: string, ...args: string[]) => send([command, ...args]),
  });
}
