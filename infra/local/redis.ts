import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve as resolvePath } from 'node:path';
import { findRedis } from './find-redis.mjs';
import { freePort } from './ports.ts';
import { Service, type ServiceHandle } from './service.ts';

export type RedisOptions = {
  /** Its folder, made if missing; the append-only file, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** Beyond this Redis refuses writes; it never drops a job to make room. */
  readonly maxmemoryMb: number;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

/** `kill`, `start` and so on work on the same folder and port: made for fault tests. */
export type RedisHandle = ServiceHandle & { readonly url: string; readonly port: number };

/**
 * Starts Redis the way production runs it: every job is fsynced before the answer (`appendfsync
 * always`) and nothing is ever evicted.
 *
 * @throws Error when no Redis program is found, or when it does not answer within 120 s
 */
export async function startRedis(options: RedisOptions): Promise<RedisHandle> {
  const program = findRedis();
  if (program === undefined) {
    throw new Error('No redis-server on this machine: install it, or set REDIS_URL.');
  }
  const dataDir = resolvePath(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const service = new Service({
    name: 'Redis',
    ...program,
    args: serverArguments({ dataDir, port, maxmemoryMb: options.maxmemoryMb }),
    cwd: '/',
    env: { PATH: process.env.PATH },
    logFile: join(dataDir, 'redis.log'),
    pidFile: join(dataDir, 'redis.pid'),
    stopSignal: 'SIGTERM',
    stopGraceMs: 10_000,
    readyTimeoutMs: 120_000,
    isReady: () => answersPing(port),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  return Object.assign(service, { url: `redis://127.0.0.1:${port}`, port });
}

function serverArguments(options: {
  readonly dataDir: string;
  readonly port: number;
  readonly maxmemoryMb: number;
}): string[] {
  const settings: Readonly<Record<string, string>> = {
    bind: '127.0.0.1',
    port: String(options.port),
    dir: options.dataDir,
    appendonly: 'yes',
    appendfsync: 'always',
    'aof-use-rdb-preamble': 'yes',
    'auto-aof-rewrite-min-size': '64mb',
    save: '',
    maxmemory: `${options.maxmemoryMb}mb`,
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Whether a PING is answered with PONG; it is not while Redis still loads its file. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => finish(answer.toString().startsWith('+PONG')));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
