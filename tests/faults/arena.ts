/** Where faults are tried: a stack of its own as production runs it, load, and the look at what is left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { SeededBusiness } from '../../infra/local/seed-business.ts';
import { startProcesses } from '../../infra/local/processes.ts';
import { keepSecrets } from '../../infra/local/secrets.ts';
import { type Stack, startStack } from '../../infra/local/stack.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { root } from '../tools.ts';
import { until } from '../until.ts';
import {
  type Attempt,
  type Load,
  seedBusinesses,
  startLoad,
  type Verdict,
  verify,
} from './driver.ts';
import type { How } from './fault.ts';

export const POSTS_PER_SECOND = 200;
/** Long enough that a slow machine gets there; what is measured is told apart. */
const DRAIN_MS = 120_000;

export interface Run {
  readonly load: Load;
  readonly businesses: readonly SeededBusiness[];
}

export interface Arena {
  readonly stack: Stack;
  /** Only looks on: it comes back by itself after an outage. */
  readonly redis: Redis;
  /** As the owner. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /**
   * Posts for some seconds at 200 a second, a tenth of them repeats, over five businesses, and breaks
   * something once all of them sell. Resolves when every post has its answer.
   */
  underLoad(how: How, fault: (load: Load) => Promise<void>, over?: Partial<Steady>): Promise<Run>;
  /** Waits until all has drained. @returns broken promises, and how long draining took */
  judge(run: Run): Promise<{ violations: string[]; drainedAfterMs: number }>;
  /** When the last sale ended that was received before a moment, in epoch milliseconds. */
  lastEnd(run: Run, receivedBeforeMs: number): Promise<number>;
  /** Hears what is published on channels that match. @returns stops listening */
  listen(pattern: string, hear: (message: string) => void): Promise<() => void>;
  /** From now on, when each job ended, in epoch milliseconds, as the waiting are told. */
  watchEnds(): Promise<{ at: ReadonlyMap<string, number>; stop(): void }>;
  /** Locks a card as somebody else's transaction. @returns lets it go */
  lockCard(code: string): Promise<() => Promise<void>>;
  /** Puts a worker whose clock is wrong in the place of the worker. @returns puts the old one back */
  shiftWorkerClock(minutes: number): Promise<() => Promise<void>>;
  /** Whether the processes are those that were there then. */
  survivors(before: readonly Pid[]): string[];
  pids(): Pid[];
  /** Whatever a fault left down is started again. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

type Pid = readonly [name: string, pid: number | undefined];
interface Steady {
  readonly seconds: number;
  readonly postsPerSecond: number;
  /** Before the first post. */
  open(businesses: readonly SeededBusiness[]): Promise<void>;
}

export async function openArena(): Promise<Arena> {
  const dir = mkdtempSync(join(tmpdir(), 'regulars-faults-'));
  const started = await startStack({
    dir,
    durable: true,
    functions: true,
    // What a function could not do comes again at once, not after minutes.
    sqsVisibilitySeconds: 1,
  });
  // By its address: a name that leads to two would be looked up for each connection, and tried in turn.
  const stack = { ...started, edgeUrl: started.edgeUrl.replace('localhost', '127.0.0.1') };
  const redis = new Redis(stack.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  const listeners: Redis[] = [];
  const pids = () =>
    Object.entries(stack.processes).map(([name, service]): Pid => [name, service.pid]);

  async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: stack.postgresUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async function listen(pattern: string, hear: (message: string) => void) {
    const listener = new Redis(stack.redisUrl, { retryStrategy: () => 100 });
    listener.on('error', () => undefined);
    listener.on('pmessage', (_pattern, _channel, message: string) => hear(message));
    await listener.psubscribe(pattern);
    listeners.push(listener);
    return () => listener.disconnect();
  }

  return {
    stack,
    redis,
    query,
    pids,
    async underLoad(how, fault, { open, ...over } = {}) {
      const businesses = await seedBusinesses(stack.postgresUrl, { count: 5, customersEach: 40 });
      await open?.(businesses);
      const load = startLoad({
        edgeUrl: stack.edgeUrl,
        businesses,
        postsPerSecond: POSTS_PER_SECOND,
        seconds: how.short ? 5 : 20,
        duplicates: 0.1,
        seed: how.seed,
        ...over,
      });
      // By then the edge knows every till's key, as it does of a shop that is open.
      await until('each business has sold something', () =>
        businesses.every((business) =>
          load.journal.some((post) => post.business === business && post.jobId !== undefined),
        ),
      );
      await Promise.all([fault(load), load.done]);
      return { load, businesses };
    },
    async judge({ load, businesses }) {
      const { journal } = load;
      const ownerUrl = stack.postgresUrl;
      const found = await verify({ ownerUrl, businesses, journal, drainMs: DRAIN_MS });
      const { drainedAfterMs, ...verdict } = found;
      const unanswered = journal.filter((post) => post.jobId === undefined);
      const violations = describe(verdict);
      if (unanswered.length > 0) violations.push(`${unanswered.length} posts never got their 202`);
      return { violations, drainedAfterMs };
    },
    async lastEnd({ businesses }, receivedBeforeMs) {
      const [row] = await query<{ at: number | null }>(
        `SELECT extract(epoch FROM max(finished_at))::float8 * 1000 AS at FROM loyalty.jobs
          WHERE business_id = ANY ($1) AND received_at < $2`,
        [businesses.map(({ businessId }) => toUuid(businessId)), new Date(receivedBeforeMs)],
      );
      return row?.at ?? 0;
    },
    listen,
    async watchEnds() {
      const at = new Map<string, number>();
      const stop = await listen('regulars:jobs-finished', (ids) => {
        for (const id of ids.split(' ')) at.set(id, Date.now());
      });
      return { at, stop };
    },
    async shiftWorkerClock(minutes) {
      await stack.processes['worker']?.stop();
      const shifted = await startProcesses({
        root,
        names: ['worker'],
        dir: join(dir, `shifted-${minutes}`),
        restart: false,
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'test',
          NODE_OPTIONS: `--import=${join(import.meta.dirname, 'shifted-clock.mjs')}`,
          CLOCK_SHIFT_MINUTES: String(minutes),
          WORKER_DATABASE_URL: stack.databaseUrls.worker,
          REDIS_URL: stack.redisUrl,
          CONTACT_SEALING_KEY: keepSecrets(join(dir, 'secrets.json')).contactSealingKey,
        },
      });
      return async () => {
        await shifted['worker']?.stop();
        await stack.processes['worker']?.start();
      };
    },
    async lockCard(code) {
      const client = new Client({ connectionString: stack.postgresUrl });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('BEGIN');
      await client.query('SELECT FROM loyalty.cards WHERE code = $1 FOR UPDATE', [code]);
      return () => client.end();
    },
    survivors: (before) => {
      const now = new Map(pids());
      return before.flatMap(([name, pid]) => (now.get(name) === pid ? [] : [`${name} has died`]));
    },
    async restore() {
      for (const listener of listeners.splice(0)) listener.disconnect();
      await stack.postgres?.start();
      await stack.redis?.kill('SIGCONT');
      await stack.redis?.start();
      await stack.sqs?.start();
      await stack.dynamo?.start();
      for (const service of Object.values(stack.processes)) await service.start();
    },
    async close() {
      redis.disconnect();
      await stack.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function describe(verdict: Verdict): string[] {
  return Object.entries(verdict).flatMap(([name, found]: [string, readonly string[] | number]) => {
    if (typeof found === 'number') return found === 0 ? [] : [`${name}: ${found}`];
    return found.length === 0 ? [] : [`${name}: ${found.length}, such as ${found[0]}`];
  });
}

export const attemptsOf = (load: Load): Attempt[] => load.journal.flatMap((post) => post.attempts);

/** Milliseconds from a moment to the first 202 of a request sent after it. */
export function firstAccepted(load: Load, sinceMs: number): number {
  const accepted = attemptsOf(load).filter(
    ({ status, sentAtMs }) => status === 202 && sentAtMs >= sinceMs,
  );
  return Math.min(...accepted.map(({ sentAtMs, tookMs }) => sentAtMs + tookMs)) - sinceMs;
}

/** @returns each status that is not wanted, with its number */
export function otherStatuses(attempts: readonly Attempt[], wanted: readonly number[]): string[] {
  const others = attempts.filter(({ status }) => !wanted.includes(status));
  return [...Map.groupBy(others, ({ status }) => status)].map(
    ([status, all]) => `${all.length} answers of ${status === 0 ? 'a broken connection' : status}`,
  );
}

export const slowest = (attempts: readonly Attempt[]): number =>
  Math.max(0, ...attempts.map(({ tookMs }) => tookMs));

/** The value below which a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Posts that made a sale, the first time they were sent, and how long until it was applied. */
export function appliedAfter(load: Load, ends: ReadonlyMap<string, number>) {
  const seen = new Set<string>();
  return load.journal.flatMap((post) => {
    const end = post.jobId === undefined ? undefined : ends.get(post.jobId);
    const first = post.attempts[0];
    if (!end || !first || !post.jobId || seen.has(post.jobId)) return [];
    seen.add(post.jobId);
    return [{ post, at: first.sentAtMs, ms: end - first.sentAtMs }];
  });
}
