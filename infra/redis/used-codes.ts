import type { Redis } from 'ioredis';

// A till that was offline posts its sales late, each with the code that was shown then. After a day
// its sales could name the card by its plain code as well, so nothing is gained by waiting longer.
const TTL_SECONDS = 86_400;

/**
 * Remembers what used a rotating code first.
 * @returns whether it is this use: the same use may come again, another one is refused
 * @throws when Redis does not answer: a code that cannot be burnt is not taken
 */
export function createUsedCodes(redis: Redis, prefix: string) {
  return async (code: string, use: string): Promise<boolean> => {
    const first = await redis.set(
      `${prefix}:used-code:${code}`,
      use,
      'EX',
      TTL_SECONDS,
      'NX',
      'GET',
    );
    return first === null || first === use;
  };
}
