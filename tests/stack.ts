import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../infra/local/ports.ts';
import { startProcesses } from '../infra/local/processes.ts';
import type { ServiceHandle } from '../infra/local/service.ts';
import { createTestDatabase, type TestDatabase, testRedis } from './database.ts';
import { root } from './tools.ts';

export type TestStackOptions = {
  /** Names from the Procfile, once per process wanted; default edge and worker. */
  readonly processes?: readonly string[];
  /** Added to the environment of the processes. */
  readonly env?: NodeJS.ProcessEnv;
};

/** Real processes on the servers that all tests share, with a database and a Redis prefix alone. */
export type TestStack = {
  readonly edgeUrl: string;
  /** The operators' pages; see `opsAuthorization`. */
  readonly opsUrl: string;
  readonly database: TestDatabase;
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly contactSealingKey: string;
  /** By name; the second `worker` is `worker-2`. */
  readonly processes: Readonly<Record<string, ServiceHandle>>;
  /** Starts one more process, such as a worker for what was queued without one. */
  start(name: string): Promise<ServiceHandle>;
  /** Another edge on the same data, with other settings. */
  startEdge(env: NodeJS.ProcessEnv): Promise<{ url: string; process: ServiceHandle }>;
  /** What all processes have logged; complete only once they are stopped. */
  logs(): string;
  /** Stops the processes and keeps the data, so that a test can look at what they left. */
  stopProcesses(): Promise<void>;
  /** Stops everything and forgets the data; may be called twice. */
  stop(): Promise<void>;
};

const OPS_PASSWORD = 'correct horse battery staple';

/** Of whoever may do everything on the operators' pages. */
export const opsAuthorization = `Basic ${Buffer.from(`ops:${OPS_PASSWORD}`).toString('base64')}`;

/**
 * Starts edge and worker, or the processes named, and waits until they are ready. A relay costs a second of
 * CPU: it is for those who look at what leaves.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const dir = mkdtempSync(join(tmpdir(), 'regulars-stack-'));
  const database = await createTestDatabase();
  const redis = testRedis();
  const contactSealingKey = randomBytes(32).toString('base64');
  const processes: Record<string, ServiceHandle> = {};
  let folders = 0;

  async function launch(names: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const [edge = 0, ops = 0] = await freePorts(2);
    folders += 1;
    const started = await startProcesses({
      root,
      names,
      dir: join(dir, String(folders)),
      restart: false,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        EDGE_HOST: '127.0.0.1',
        EDGE_PORT: String(edge),
        OPS_PORT: String(ops),
        OPS_PASSWORD,
        EDGE_DATABASE_URL: database.edgeUrl,
        WORKER_DATABASE_URL: database.workerUrl,
        ANALYTICS_DATABASE_URL: database.analyticsUrl,
        MAILER_DATABASE_URL: database.mailerUrl,
        PUBLIC_API_URL: `http://127.0.0.1:${edge}`,
        REDIS_URL: redis.url,
        REDIS_PREFIX: redis.prefix,
        CONTACT_SEALING_KEY: contactSealingKey,
        ...options.env,
        ...env,
      },
    });
    for (const service of Object.values(started)) {
      processes[service.name in processes ? `${service.name}-${folders}` : service.name] = service;
    }
    return { url: `http://127.0.0.1:${edge}`, opsUrl: `http://127.0.0.1:${ops}`, started };
  }

  async function stopProcesses(): Promise<void> {
    await Promise.all(Object.values(processes).map((service) => service.stop()));
  }

  let stopping: Promise<void> | undefined;
  async function stopAll(): Promise<void> {
    await stopProcesses();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  }
  const stop = () => (stopping ??= stopAll());

  try {
    const { url, opsUrl } = await launch(options.processes ?? ['edge', 'worker']);
    return {
      edgeUrl: url,
      opsUrl,
      database,
      redis,
      contactSealingKey,
      processes,
      start: async (name) => only((await launch([name])).started),
      async startEdge(env) {
        const { url, started } = await launch(['edge'], env);
        return { url, process: only(started) };
      },
      logs: () =>
        Object.values(processes)
          .map((service) => readFileSync(service.logFile, 'utf8'))
          .join('\n'),
      stopProcesses,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function only(started: Readonly<Record<string, ServiceHandle>>): ServiceHandle {
  const [service] = Object.values(started);
  if (!service) throw new Error('no process was started');
  return service;
}
