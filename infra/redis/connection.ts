import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** First reconnect after 100 ms, then every second: a restart is noticed within a second. */
const retryStrategy = (times: number) => Math.min(times * 100, 1_000);

/**
 * For those who answer a request: no queueing while Redis is away, an answer within a second. A
 * command that timed out may still have run.
 */
export const failFast = {
  enableOfflineQueue: false,
  commandTimeout: 1_000,
  connectTimeout: 1_000,
  maxRetriesPerRequest: 0,
  retryStrategy,
} as const satisfies RedisOptions;

/** For those who work through a queue: wait as long as it takes. */
export const waitForever = {
  maxRetriesPerRequest: null,
  connectTimeout: 5_000,
  retryStrategy,
} as const satisfies RedisOptions;

/** A connection whose errors are logged once per outage, not once per try. */
export function connectRedis(options: {
  url: string;
  settings: typeof failFast | typeof waitForever;
  log: Logger;
  purpose: string;
}): Redis {
  const redis = new Redis(options.url, { ...options.settings, connectionName: options.purpose });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) options.log.warn({ purpose: options.purpose, reason: error.message }, 'redis away');
    away = true;
  });
  redis.on('ready', () => {
    if (away) options.log.info({ purpose: options.purpose }, 'redis back');
    away = false;
  });
  return redis;
}

/** Resolves when the connection is ready. @throws Error when it is not within `timeoutMs` */
export async function untilReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const onReady = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      redis.off('ready', onReady);
      reject(new Error(`Redis is not reachable (${redis.options.host}:${redis.options.port})`));
    }, timeoutMs);
    redis.once('ready', onReady);
  });
}
