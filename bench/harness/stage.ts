import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePorts } from '../../infra/local/ports.ts';
import { readProcfile, startProcesses } from '../../infra/local/processes.ts';
import { Service, type ServiceHandle } from '../../infra/local/service.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { LoadGenerator } from './load-generator.ts';

const root = join(import.meta.dirname, '..', '..');

/** A peer gets the heap that the product's process of its kind has, from the Procfile. */
function heapLimits(script: string): string[] {
  const command = readProcfile(join(root, 'Procfile'))[
    script.includes('worker') ? 'worker' : 'edge'
  ];
  return (command ?? []).filter((word) => word.startsWith('--max-'));
}

/** A process of the product or of a peer. */
export interface Actor {
  name: string;
  pid: number;
  /** Where it listens, if it does. */
  port: number;
  /** Of its Redis keys, so that neighbours share a server and nothing else. */
  prefix: string;
  stop(): Promise<void>;
}

/**
 * Everything that the lines share: PostgreSQL and Redis with production's settings, a load
 * generator, and a way to start processes. `stop` leaves nothing behind.
 */
export class Stage {
  readonly dir: string;
  readonly stack: Stack;
  readonly load: LoadGenerator;
  readonly #actors = new Set<ServiceHandle>();
  readonly #profileDir: string | undefined;
  #count = 0;
  #stopping: Promise<void> | undefined;

  private constructor(parts: {
    dir: string;
    stack: Stack;
    load: LoadGenerator;
    profileDir: string | undefined;
  }) {
    this.dir = parts.dir;
    this.stack = parts.stack;
    this.load = parts.load;
    this.#profileDir = parts.profileDir;
  }

  /** @param options.profileDir where product processes leave CPU profiles when they end */
  static async open(options: {
    signal: AbortSignal;
    profileDir?: string | undefined;
  }): Promise<Stage> {
    const dir = mkdtempSync(join(tmpdir(), 'regulars-bench-'));
    try {
      const stack = await startStack({
        dir,
        durable: true,
        processes: [],
        // Pools of ourselves and of all peers stand side by side; each alone would fit into 40.
        maxConnections: 100,
        signal: options.signal,
      });
      try {
        const load = await LoadGenerator.start();
        return new Stage({ dir, stack, load, profileDir: options.profileDir });
      } catch (error) {
        await stack.stop();
        throw error;
      }
    } catch (error) {
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Has PostgreSQL do what a line left for later, tables to vacuum and pages to write: a neighbour should
   * not pay for it.
   */
  async tidy(): Promise<void> {
    const client = new Client({ connectionString: this.stack.postgresUrl });
    await client.connect();
    try {
      await client.query('VACUUM (ANALYZE)');
      await client.query('CHECKPOINT');
    } finally {
      await client.end();
    }
  }

  /** The processes every line meters, besides its own. */
  get serverPids(): { redis: number; postgres: number; load: number } {
    const { redis, postgres } = this.stack;
    return { redis: redis?.pid ?? 0, postgres: postgres?.pid ?? 0, load: this.load.pid };
  }

  /** Starts a process of the product under a Redis prefix of its own. */
  async startProduct(
    name: 'edge' | 'worker' | 'relay',
    options: {
      prefix: string;
      databaseUrls?: { edge: string; worker: string };
      env?: Readonly<Record<string, string>>;
    },
  ): Promise<Actor> {
    const [port = 0, opsPort = 0] = await freePorts(2);
    const { edge, worker } = options.databaseUrls ?? this.stack.databaseUrls;
    const profile = `--cpu-prof --cpu-prof-dir=${this.#profileDir} --cpu-prof-name=${name}-${port}.cpuprofile`;
    const handles = await startProcesses({
      root,
      names: [name],
      env: {
        ...this.#environment(options.prefix),
        ...options.env,
        EDGE_PORT: String(port),
        OPS_PORT: String(opsPort),
        OPS_PASSWORD: randomBytes(12).toString('hex'),
        EDGE_DATABASE_URL: edge,
        WORKER_DATABASE_URL: worker,
        ...(this.#profileDir !== undefined && { NODE_OPTIONS: profile }),
      },
      dir: this.#nextFolder(),
      restart: false,
    });
    const handle = handles[name];
    if (!handle) throw new Error(`no process ${name}`);
    return this.#adopt(handle, { port, prefix: options.prefix });
  }

  /** Starts a program of bench/peers, which gets its port in PORT. */
  async startPeer(
    script: string,
    options: { prefix: string; env?: NodeJS.ProcessEnv },
  ): Promise<Actor> {
    const [port = 0] = await freePorts(1);
    const folder = this.#nextFolder();
    const service = new Service({
      name: script,
      file: process.execPath,
      args: [...heapLimits(script), join('bench', 'peers', `${script}.ts`)],
      cwd: root,
      env: {
        ...this.#environment(options.prefix),
        WORKER_DATABASE_URL: this.stack.databaseUrls.worker,
        PORT: String(port),
        ...options.env,
      },
      logFile: join(folder, `${script}.log`),
      pidFile: join(folder, `${script}.pid`),
      stopSignal: 'SIGTERM',
      stopGraceMs: 5_000,
      readyTimeoutMs: 30_000,
      isReady: (log) => log.includes('"event":"ready"'),
      restart: false,
    });
    await service.start();
    return this.#adopt(service, { port, prefix: options.prefix });
  }

  /** May be called twice; both wait for the same end. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.load.stop();
    await Promise.all([...this.#actors].map((actor) => actor.stop()));
    await this.stack.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #adopt(handle: ServiceHandle, at: { port: number; prefix: string }): Actor {
    this.#actors.add(handle);
    const { name, pid = 0 } = handle;
    const stop = async () => {
      await handle.stop();
      this.#actors.delete(handle);
    };
    return { name, pid, ...at, stop };
  }

  #nextFolder(): string {
    return join(this.dir, `actor-${(this.#count += 1)}`);
  }

  /** As in production: full logs, durable Redis asserted; limits on, but out of the way. */
  #environment(prefix: string): NodeJS.ProcessEnv {
    return {
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      // As infra/local/processes.ts gives it.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'regulars'),
      MALLOC_ARENA_MAX: '1',
      EDGE_HOST: '127.0.0.1',
      REDIS_URL: this.stack.redisUrl,
      REDIS_PREFIX: prefix,
      CONTACT_SEALING_KEY: Buffer.alloc(32, 7).toString('base64'),
      POS_REQUESTS_PER_MINUTE: '100000000',
    };
  }
}
