import type { Redis } from 'ioredis';
import { groupCommit } from '../batching/group-commit.ts';

// Long enough that a job is in the books before its claim lapses, short enough that claims of a
// busy day do not fill a small Redis: 36,000 sales an hour are about 5 MB.
const TTL_SECONDS = 3_600;
const MAX_PER_CALL = 200;

/** For each key: the value it holds, which is the given one where it held none. */
const CLAIM = `
local first = {}
for i, key in ipairs(KEYS) do
  first[i] = redis.call('SET', key, ARGV[i + 1], 'NX', 'GET', 'EX', ARGV[1]) or ARGV[i + 1]
end
return first`;

type RedisWithClaim = Redis & {
  claim(count: number, ...keysAndArguments: (string | number)[]): Promise<string[]>;
};

/**
 * Remembers which body a job's key first came with, from the moment of the post until the job is in
 * the books. Claims that come together go to Redis as one call.
 * @returns the hash it was first seen with
 */
export function createRequestClaims(redis: Redis, prefix: string) {
  redis.defineCommand('claim', { lua: CLAIM });
  const claim = groupCommit<{ jobId: string; requestHash: string }, string>(
    (claims) => {
      const keys = claims.map(({ jobId }) => `${prefix}:claim:${jobId}`);
      const hashes = claims.map(({ requestHash }) => requestHash);
      return (redis as RedisWithClaim).claim(keys.length, ...keys, TTL_SECONDS, ...hashes);
    },
    { maxItems: MAX_PER_CALL },
  );
  return (jobId: string, requestHash: string): Promise<string> => claim({ jobId, requestHash });
}
