import type { Redis } from 'ioredis';

const required: Record<string, (value: string) => boolean> = {
  appendonly: (value) => value === 'yes',
  appendfsync: (value) => value === 'always',
  'maxmemory-policy': (value) => value === 'noeviction',
  maxmemory: (value) => Number(value) > 0,
};
const advice =
  'appendonly yes, appendfsync always, maxmemory-policy noeviction, and maxmemory set to a size';

/**
 * Refuses a Redis that could lose an accepted job: a 202 promises that the job was written to disk,
 * so the log must be synced before each answer and nothing may be evicted.
 * @throws Error naming each setting that is wrong, and what is right
 */
export async function assertDurableRedis(redis: Redis): Promise<void> {
  const wrong: string[] = [];
  for (const [name, holds] of Object.entries(required)) {
    const [, value = ''] = await redis.config('GET', name);
    if (!holds(value)) wrong.push(`${name} is ${value || 'unset'}`);
  }
  const version = /redis_version:(\d+)\.(\d+)/.exec(await redis.info('server'));
  if (Number(version?.[1] ?? 0) < 7) wrong.push(`the version is ${version?.[0] ?? 'unknown'}`);
  if (wrong.length > 0) {
    throw new Error(
      `Redis would lose accepted jobs: ${wrong.join(', ')}. It needs 7.0, ${advice}.`,
    );
  }
}
