import type { Redis } from 'ioredis';

// Long enough that a job is in the books before its claim lapses, short enough that claims of a
// busy day do not fill a small Redis: 36,000 sales an hour are about 5 MB.
const TTL_SECONDS = 3_600;

/**
 * Remembers which body a job's key first came with, from the moment of the post until the job is in
 * the books. @returns the hash it was first seen with
 */
export function createRequestClaims(redis: Redis, prefix: string) {
  return async (jobId: string, requestHash: string): Promise<string> => {
    const key = `${prefix}:claim:${jobId}`;
    const first = await redis.set(key, requestHash, 'EX', TTL_SECONDS, 'NX', 'GET');
    return first ?? requestHash;
  };
}
