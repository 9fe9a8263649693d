import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** What the figures were measured on. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryGib: number;
  node: string;
  redis: string;
  postgres: string;
  commit: string;
}

/** Describes this machine, the servers that run on it and the code that is measured. */
export async function describeMachine(urls: {
  redisUrl: string;
  postgresUrl: string;
}): Promise<Machine> {
  const redis = new Redis(urls.redisUrl);
  const info = await redis.info('server');
  redis.disconnect();
  const client = new Client({ connectionString: urls.postgresUrl });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    redis: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    postgres: rows[0]?.server_version ?? 'unknown',
    commit: commit(),
  };
}

/** The commit, with a plus when the checkout differs from it; a copy without history has none. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', '..', ':!results');
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
