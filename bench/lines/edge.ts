import { BenchQueue } from '../harness/queue.ts';
import { interleave, medianAlso, medianCpu, medianRate, medianRatio } from '../harness/rounds.ts';
import { Meter } from '../harness/meter.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import { CONNECTIONS, type LineContext, type LineResult, PURCHASE_PATH } from './line.ts';

const BAR = 0.8;
const GOAL = 1;

/** Posts a second that are accepted durably, with everything on, against an Express with nothing. */
export async function measureEdge(context: LineContext): Promise<LineResult> {
  const { stage, quick } = context;
  const shops = await seedShops(stage.stack.postgresUrl, { cards: 10_000, postingsPerCard: 0 });
  const edge = await stage.startProduct('edge', { prefix: 'bench-edge' });
  const bare = await stage.startPeer('bare-edge', { prefix: 'bench-bare' });
  const requests = quick ? 4_000 : 10_000;
  const rounds = await interleave(
    quick ? 3 : 7,
    {
      ours: (round) => postRound(context, { actor: edge, role: 'edge', shops, requests, round }),
      peer: (round) => postRound(context, { actor: bare, role: 'bare', shops, requests, round }),
    },
    context.tell,
  );
  const queue = new BenchQueue(stage.stack.redisUrl, 'bench-bytes');
  const bytesPerJob = await queue.bytesPerJob({ runId: 'bytes', shops });
  await queue.close();
  await Promise.all([edge.stop(), bare.stop()]);

  const ratio = medianRatio(rounds.ours, rounds.peer);
  const { p50 = 0, p99 = 0 } = medianAlso(rounds.ours);
  return {
    name: 'edge',
    measured: 'accepted posts, everything on',
    against: 'bare Express + queue.add',
    unit: '/s',
    ours: medianRate(rounds.ours),
    peer: medianRate(rounds.peer),
    ratio,
    bar: `≥ ${BAR}×`,
    goal: `≥ ${GOAL}×`,
    pass: ratio >= BAR,
    goalMet: ratio >= GOAL,
    cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.peer) },
    notes: [
      `202 at ${CONNECTIONS} busy connections: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      `${Math.round(bytesPerJob)} bytes of Redis memory a queued job`,
    ],
  };
}

async function postRound(
  { stage, notePeak }: LineContext,
  options: {
    actor: Actor;
    role: 'edge' | 'bare';
    shops: readonly Shop[];
    requests: number;
    round: number;
  },
) {
  const { actor, role, requests } = options;
  let meter: Meter | undefined;
  const plan = {
    host: '127.0.0.1',
    port: actor.port,
    path: PURCHASE_PATH,
    runId: `${role}-${options.round}`,
    shops: options.shops,
    requests,
    connections: CONNECTIONS,
  };
  const result = await stage.load.run(plan, () => {
    meter = new Meter({ [role]: actor.pid, ...stage.serverPids });
  });
  const cpuMsPerUnit = meter?.cpuMsPerUnit(requests) ?? {};
  if (role === 'edge') {
    notePeak('edge', actor.pid);
    notePeak('redis', stage.serverPids.redis);
  }
  const queue = new BenchQueue(stage.stack.redisUrl, actor.prefix);
  await queue.close();
  return {
    perSecond: requests / result.answeredSeconds,
    cpuMsPerUnit,
    also: { p50: result.answerMs.p50, p99: result.answerMs.p99 },
  };
}
