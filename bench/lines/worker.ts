import { Meter } from '../harness/meter.ts';
import { BenchQueue } from '../harness/queue.ts';
import {
  interleave,
  medianCpu,
  medianRate,
  medianRatio,
  type Round,
  type Rounds,
} from '../harness/rounds.ts';
import { countPurchases } from '../harness/books.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import { type LineContext, type LineResult, WORKER_CONCURRENCY } from './line.ts';

type Side = 'ours' | 'noop' | 'single' | 'walled' | 'open';

/**
 * Purchases applied a second by one worker: against what the queue alone can do, and against the
 * same worker with a database transaction a job.
 */
export async function measureWorker(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const shops = await seedShops(stage.stack.postgresUrl, { cards: 10_000, postingsPerCard: 0 });
  const env = { WORKER_CONCURRENCY: String(WORKER_CONCURRENCY) };
  const ours = await stage.startProduct('worker', { prefix: 'bench-worker' });
  const noop = await stage.startPeer('noop-worker', { prefix: 'bench-noop', env });
  const single = await stage.startPeer('single-worker', { prefix: 'bench-single', env });
  const count = quick ? 5_000 : 15_000;
  const few = quick ? 1_000 : 3_000;
  const drain = (actor: Actor, role: Side, jobs: number) => (round: number) =>
    drainRound(context, { actor, role, shops, count: jobs, round });
  const rounds = await interleave(
    quick ? 3 : 7,
    {
      ours: drain(ours, 'ours', count),
      noop: drain(noop, 'noop', count),
      single: drain(single, 'single', few),
    },
    context.tell,
  );
  await Promise.all([ours.stop(), noop.stop(), single.stop()]);
  return [
    toLine(rounds, {
      name: 'worker',
      peer: 'noop',
      against: 'BullMQ worker that does nothing',
      bar: 0.5,
      goal: 0.8,
    }),
    toLine(rounds, {
      name: 'worker-single',
      peer: 'single',
      against: 'same worker, a transaction a job',
      bar: 3,
      goal: 3,
    }),
  ];
}

/** Drains prefilled jobs with one worker and checks that each became a purchase, once. */
export async function drainRound(
  { stage, notePeak }: LineContext,
  options: {
    actor: Actor;
    role: Side;
    shops: readonly Shop[];
    count: number;
    round: number;
    postgresUrl?: string;
  },
): Promise<Round> {
  const { actor, role, shops, count, round } = options;
  const runId = `${actor.prefix}-${round}`;
  const queue = new BenchQueue(stage.stack.redisUrl, actor.prefix);
  await queue.prefill({ runId, count, shops });
  const { redis, postgres } = stage.serverPids;
  const meter = new Meter({ worker: actor.pid, redis, postgres });
  const seconds = await queue.drain();
  const cpuMsPerUnit = meter.cpuMsPerUnit(count);
  await queue.close();
  if (role === 'ours') {
    notePeak('worker', actor.pid);
    notePeak('redis', redis);
  }
  if (role !== 'noop') {
    const applied = await countPurchases(options.postgresUrl ?? stage.stack.postgresUrl, runId);
    if (applied !== count) throw new Error(`${applied} of ${count} jobs became purchases`);
  }
  return { perSecond: count / seconds, cpuMsPerUnit };
}

function toLine(
  rounds: Rounds<'ours' | 'noop' | 'single'>,
  options: { name: string; peer: 'noop' | 'single'; against: string; bar: number; goal: number },
): LineResult {
  const { name, peer, against, bar, goal } = options;
  const ratio = medianRatio(rounds.ours, rounds[peer]);
  return {
    name,
    measured: 'purchases applied by one worker',
    against,
    unit: '/s',
    ours: medianRate(rounds.ours),
    peer: medianRate(rounds[peer]),
    ratio,
    bar: `≥ ${bar}×`,
    goal: `≥ ${goal}×`,
    pass: ratio >= bar,
    goalMet: ratio >= goal,
    cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds[peer]) },
    notes: [],
  };
}
