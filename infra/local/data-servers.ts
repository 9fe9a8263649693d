import { join } from 'node:path';
import { type PostgresHandle, startPostgres } from './postgres.ts';
import { type RedisHandle, startRedis } from './redis.ts';

/** The same database as its users: who owns it, who only reads, writes, counts, sends mail. */
export type DatabaseUrls = {
  readonly owner: string;
  readonly edge: string;
  readonly worker: string;
  readonly analytics: string;
  readonly mailer: string;
};

export type DataServers = {
  readonly databaseUrls: DatabaseUrls;
  readonly redisUrl: string;
  /** Undefined when the server was given. */
  readonly postgres: PostgresHandle | undefined;
  /** Undefined when the server was given. */
  readonly redis: RedisHandle | undefined;
};

export type DataServersOptions = {
  /** Each server gets a folder in it. */
  readonly dir: string;
  readonly ports: { readonly postgres: number; readonly redis: number };
  readonly durable: boolean;
  /** May name servers to use instead of starting them: OWNER_DATABASE_URL, REDIS_URL. */
  readonly env: NodeJS.ProcessEnv;
  readonly restart: boolean;
  readonly maxConnections: number | undefined;
  readonly redisMaxmemoryMb: number | undefined;
  readonly onTrouble: (message: string) => void;
  /** Told of each server as soon as it runs, so that it can be stopped if the other fails. */
  readonly onStarted: (server: PostgresHandle | RedisHandle) => void;
};

/**
 * Starts PostgreSQL and Redis side by side, except what `env` gives.
 *
 * @throws Error when one does not start; the other has been reported by `onStarted` if it runs
 */
export async function startDataServers(options: DataServersOptions): Promise<DataServers> {
  const { env } = options;
  const [postgres, redis] = await bothSettled(
    env['OWNER_DATABASE_URL'] === undefined ? startOwnPostgres(options) : undefined,
    env['REDIS_URL'] === undefined ? startOwnRedis(options) : undefined,
  );
  const owner = env['OWNER_DATABASE_URL'] ?? postgres?.url ?? '';
  return {
    databaseUrls: {
      owner,
      edge: env['EDGE_DATABASE_URL'] ?? asUser(owner, 'regulars_edge'),
      worker: env['WORKER_DATABASE_URL'] ?? asUser(owner, 'regulars_worker'),
      analytics: env['ANALYTICS_DATABASE_URL'] ?? asUser(owner, 'regulars_analytics'),
      mailer: env['MAILER_DATABASE_URL'] ?? asUser(owner, 'regulars_mailer'),
    },
    redisUrl: env['REDIS_URL'] ?? redis?.url ?? '',
    postgres,
    redis,
  };
}

async function startOwnPostgres(options: DataServersOptions): Promise<PostgresHandle> {
  const { dir, ports, durable, maxConnections, restart, onTrouble } = options;
  const postgres = await startPostgres({
    dataDir: join(dir, 'postgres'),
    port: ports.postgres,
    durable,
    maxConnections,
    restart,
    onTrouble,
  });
  options.onStarted(postgres);
  return postgres;
}

async function startOwnRedis(options: DataServersOptions): Promise<RedisHandle> {
  const { dir, ports, redisMaxmemoryMb, restart, onTrouble } = options;
  const redis = await startRedis({
    dataDir: join(dir, 'redis'),
    port: ports.redis,
    maxmemoryMb: redisMaxmemoryMb ?? 512,
    restart,
    onTrouble,
  });
  options.onStarted(redis);
  return redis;
}

/** Like Promise.all, but a failure waits for the other to settle, so that nothing starts late. */
async function bothSettled<One, Other>(
  one: Promise<One> | undefined,
  other: Promise<Other> | undefined,
): Promise<[One | undefined, Other | undefined]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function asUser(ownerUrl: string, user: string): string {
  const url = new URL(ownerUrl);
  url.username = user;
  url.password = '';
  return url.href;
}
