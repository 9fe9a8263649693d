/** What facts are told to is away: tills must not notice, and nothing may be missing afterwards. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../until.ts';
import { type Arena, attemptsOf, otherStatuses, quantile } from '../arena.ts';
import type { Fault, How, Outcome } from '../fault.ts';

const DRAINED_MS = 120_000;

async function away(
  arena: Arena,
  how: How,
  service: { kill(signal: 'SIGKILL'): Promise<void>; start(): Promise<unknown> } | undefined,
): Promise<Outcome> {
  if (!service) throw new Error('the stack has none');
  const before = arena.pids();
  const seconds = how.short ? 3 : 300;
  let fromMs = 0;
  const run = await arena.underLoad(
    how,
    async () => {
      await service.kill('SIGKILL');
      fromMs = Date.now();
      await pause(seconds * 1_000);
      await until('something has to wait', async () => {
        const kept = await arena.query('SELECT FROM loyalty.outbox_backlog LIMIT 1');
        return kept.length > 0;
      });
      await service.start();
    },
    { seconds: seconds + 2 },
  );
  const { violations, drainedAfterMs } = await arena.judge(run);
  const all = attemptsOf(run.load);
  const took = (of: typeof all) =>
    quantile(
      of.map(({ tookMs }) => tookMs),
      0.99,
    );
  return {
    violations: [...violations, ...arena.survivors(before), ...otherStatuses(all, [202])],
    bars: [
      { about: 'all is told', measured: drainedAfterMs, limit: DRAINED_MS, unit: 'ms' },
      {
        about: 'p99 of 202s meanwhile',
        measured: took(all.filter(({ sentAtMs }) => sentAtMs > fromMs)),
        limit: 1_000,
        unit: 'ms',
      },
    ],
  };
}

const queuesAway: Fault = {
  name: 'queues-away',
  isAlwaysTried: true,
  about: 'SQS is away for 5 min',
  run: (arena, how) => away(arena, how, arena.stack.sqs),
};

const logAway: Fault = {
  name: 'log-away',
  about: 'DynamoDB is away for 5 min',
  run: (arena, how) => away(arena, how, arena.stack.dynamo),
};

export const outsideFaults: readonly Fault[] = [queuesAway, logAway];
