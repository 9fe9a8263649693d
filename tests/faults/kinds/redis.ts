/** Redis dies, hangs, or is full. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Arena, attemptsOf, firstAccepted, otherStatuses, slowest } from '../arena.ts';
import type { Load } from '../driver.ts';
import type { Bar, Fault, How, Outcome } from '../fault.ts';

/** An answer that there is no Redis may take this long. */
const ANSWERED_MS = 1_500;

interface Away {
  load: Load;
  fromMs: number;
  toMs: number;
}

const sentWhile = ({ load, fromMs, toMs }: Away) =>
  attemptsOf(load).filter(({ sentAtMs }) => sentAtMs > fromMs && sentAtMs < toMs);

const answeredWhile = (away: Away) =>
  sentWhile(away).filter(({ sentAtMs, tookMs }) => sentAtMs + tookMs < away.toMs);

function barsOf(away: Away, resumeMs: number): Bar[] {
  return [
    {
      about: 'an answer meanwhile',
      measured: slowest(sentWhile(away)),
      limit: ANSWERED_MS,
      unit: 'ms',
    },
    {
      about: 'posts are taken again',
      measured: firstAccepted(away.load, away.toMs),
      limit: resumeMs,
      unit: 'ms',
    },
  ];
}

async function killFor(seconds: number, arena: Arena, how: How): Promise<Outcome> {
  const { redis } = arena.stack;
  const before = arena.pids();
  const away = { fromMs: 0, toMs: 0 };
  const over = { seconds: seconds + (how.short ? 4 : 15) };
  const run = await arena.underLoad(
    how,
    async () => {
      await redis?.kill('SIGKILL');
      away.fromMs = Date.now();
      await pause(seconds * 1_000);
      await redis?.start();
      away.toMs = Date.now();
    },
    over,
  );
  const { violations } = await arena.judge(run);
  const meanwhile = { load: run.load, ...away, toMs: away.fromMs + seconds * 1_000 };
  return {
    violations: [
      ...violations,
      ...arena.survivors(before),
      ...otherStatuses(answeredWhile(meanwhile), [503]),
      ...otherStatuses(attemptsOf(run.load), [202, 503, 0]),
    ],
    bars: barsOf({ load: run.load, ...away }, 10_000),
  };
}

const redisKilled: Fault = {
  name: 'redis-killed',
  isAlwaysTried: true,
  about: 'kill -9 of Redis, down for 2, 15 and 60 s',
  async run(arena, how) {
    const outcomes: Outcome[] = [];
    for (const seconds of how.short ? [2] : [2, 15, 60]) {
      outcomes.push(await killFor(seconds, arena, how));
    }
    return {
      violations: outcomes.flatMap(({ violations }) => violations),
      bars: outcomes.flatMap(({ bars }) => bars),
    };
  },
};

async function hangFor(seconds: number, arena: Arena, how: How): Promise<Outcome> {
  const before = arena.pids();
  const away = { fromMs: 0, toMs: 0 };
  const run = await arena.underLoad(
    how,
    async () => {
      await arena.stack.redis?.kill('SIGSTOP');
      away.fromMs = Date.now();
      await pause(seconds * 1_000);
      await arena.stack.redis?.kill('SIGCONT');
      away.toMs = Date.now();
    },
    // What piles up while it hangs comes on top when it is back.
    { seconds: seconds + 4, postsPerSecond: 50 },
  );
  const { violations } = await arena.judge(run);
  return {
    violations: [
      ...violations,
      ...arena.survivors(before),
      ...otherStatuses(attemptsOf(run.load), [202, 503]),
    ],
    bars: barsOf({ load: run.load, ...away }, 2_000),
  };
}

const redisHangs: Fault = {
  name: 'redis-hangs',
  about: 'SIGSTOP of Redis for 5 and 12 s',
  async run(arena, how) {
    const outcomes: Outcome[] = [];
    for (const seconds of how.short ? [3] : [5, 12]) {
      outcomes.push(await hangFor(seconds, arena, how));
    }
    return {
      violations: outcomes.flatMap(({ violations }) => violations),
      bars: outcomes.flatMap(({ bars }) => bars),
    };
  },
};

const redisFull: Fault = {
  name: 'redis-full',
  isAlwaysTried: true,
  about: 'Redis has reached its maxmemory',
  async run(arena, how) {
    const { redis } = arena;
    const before = arena.pids();
    const [, whole = '0'] = await redis.config('GET', 'maxmemory');
    const away = { fromMs: 0, toMs: 0 };
    const run = await arena.underLoad(how, async () => {
      await redis.config('SET', 'maxmemory', '1mb');
      away.fromMs = Date.now();
      await pause(2_000);
      away.toMs = Date.now();
      await redis.config('SET', 'maxmemory', whole);
    });
    const { violations } = await arena.judge(run);
    const meanwhile = { load: run.load, ...away };
    const refused = sentWhile(meanwhile).filter(({ status }) => status === 503);
    return {
      violations: [
        ...violations,
        ...arena.survivors(before),
        ...otherStatuses(attemptsOf(run.load), [202, 503]),
        ...(refused.length > 0 ? [] : ['nothing was refused']),
      ],
      bars: barsOf(meanwhile, 2_000),
    };
  },
};

export const redisFaults: readonly Fault[] = [redisKilled, redisHangs, redisFull];
