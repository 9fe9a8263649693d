/** PostgreSQL dies, loses connections, or has a row that somebody does not let go. */
import { setTimeout as pause } from 'node:timers/promises';
import { appliedAfter, attemptsOf, otherStatuses, quantile } from '../arena.ts';
import type { Fault } from '../fault.ts';

const DRAINED_MS = 30_000;

const postgresKilled: Fault = {
  name: 'postgres-killed',
  isAlwaysTried: true,
  about: 'kill -9 of PostgreSQL and a restart',
  async run(arena, how) {
    const before = arena.pids();
    const away = { fromMs: 0, toMs: 0 };
    const run = await arena.underLoad(how, async () => {
      await arena.stack.postgres?.kill('SIGKILL');
      away.fromMs = Date.now();
      await arena.stack.postgres?.start();
      away.toMs = Date.now();
    });
    const { violations, drainedAfterMs } = await arena.judge(run);
    const all = attemptsOf(run.load);
    const taken = all.some(
      ({ status, sentAtMs }) => status === 202 && sentAtMs > away.fromMs && sentAtMs < away.toMs,
    );
    return {
      violations: [
        ...violations,
        ...arena.survivors(before),
        ...otherStatuses(all, [202, 503]),
        ...(taken ? [] : ['no post was taken meanwhile']),
      ],
      bars: [{ about: 'all is applied', measured: drainedAfterMs, limit: DRAINED_MS, unit: 'ms' }],
    };
  },
};

const connectionsCut: Fault = {
  name: 'connections-cut',
  about: 'connections are terminated while they commit, for seconds',
  async run(arena, how) {
    const before = arena.pids();
    let cut = 0;
    const run = await arena.underLoad(how, async () => {
      const until = Date.now() + (how.short ? 3_000 : 15_000);
      while (Date.now() < until) {
        const [row] = await arena.query<{ cut: number }>(
          `SELECT count(pg_terminate_backend(pid))::int AS cut FROM pg_stat_activity
            WHERE application_name IN ('worker', 'relay', 'edge') AND state <> 'idle'`,
        );
        cut += row?.cut ?? 0;
        await pause(50);
      }
    });
    const { violations, drainedAfterMs } = await arena.judge(run);
    return {
      violations: [
        ...violations,
        ...arena.survivors(before),
        ...otherStatuses(attemptsOf(run.load), [202, 503]),
        ...(cut > 0 ? [] : ['nothing was cut']),
      ],
      bars: [{ about: 'all is applied', measured: drainedAfterMs, limit: DRAINED_MS, unit: 'ms' }],
    };
  },
};

const cardLocked: Fault = {
  name: 'card-locked',
  isAlwaysTried: true,
  about: 'somebody holds the row of one card for 30 s',
  async run(arena, how) {
    const window = { fromMs: 0, toMs: 0 };
    let code = '';
    const steadyMs = how.short ? 2_000 : 10_000;
    const heldMs = how.short ? 4_000 : 30_000;
    const ends = await arena.watchEnds();
    const run = await arena.underLoad(
      how,
      async (load) => {
        await pause(steadyMs);
        code = load.journal[0]?.business.cards[0]?.code ?? '';
        const release = await arena.lockCard(code);
        window.fromMs = Date.now();
        await pause(heldMs);
        window.toMs = Date.now();
        await release();
      },
      { seconds: (steadyMs + heldMs) / 1_000 + 1, postsPerSecond: 100 },
    );
    const { violations } = await arena.judge(run);
    ends.stop();
    const others = appliedAfter(run.load, ends.at).filter(
      ({ post }) => post.sale.customer?.cardCode !== code,
    );
    const meanwhile = others.filter(({ at }) => at > window.fromMs && at < window.toMs);
    const before = others.filter(({ at }) => at < window.fromMs);
    const p99 = (of: typeof others) =>
      quantile(
        of.map(({ ms }) => ms),
        0.99,
      );
    return {
      violations: [...violations, ...otherStatuses(attemptsOf(run.load), [202])],
      bars: [
        {
          about: 'p99 of other cards, against before',
          measured: p99(meanwhile) / p99(before),
          limit: 2,
          unit: '×',
        },
      ],
    };
  },
};

export const postgresFaults: readonly Fault[] = [postgresKilled, connectionsCut, cardLocked];
