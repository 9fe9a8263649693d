import { countPurchases } from '../harness/books.ts';
import { Meter } from '../harness/meter.ts';
import { BenchQueue } from '../harness/queue.ts';
import {
  interleave,
  medianAlso,
  medianCpu,
  medianRate,
  medianRatio,
  type Round,
} from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import type { LoadResult } from '../load/plan.ts';
import {
  CONNECTIONS,
  type LineContext,
  type LineResult,
  PURCHASE_PATH,
  WORKER_CONCURRENCY,
} from './line.ts';

const PREFIX = 'bench-whole';
const BAR = 3;
// The product's sale passes through two processes as well.
const PEER_PROCESSES = 2;
const PEER_POOL_SIZE = 5;

type Side = 'ours' | 'peer';

interface Theatre {
  context: LineContext;
  shops: readonly Shop[];
  edge: Actor;
  worker: Actor;
  sync: Actor;
}

/** Sales a second from the till's post into the books, and how long each takes at a moderate load. */
export async function measureWhole(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const shops = await seedShops(stage.stack.postgresUrl, { cards: 10_000, postingsPerCard: 0 });
  const peerEnv = {
    PROCESSES: String(PEER_PROCESSES),
    POOL_SIZE: String(PEER_POOL_SIZE),
    WORKER_DATABASE_URL: stage.stack.postgresUrl,
  };
  const [edge, worker, sync] = [
    await stage.startProduct('edge', { prefix: PREFIX }),
    await stage.startProduct('worker', { prefix: PREFIX }),
    await stage.startPeer('sync', { prefix: 'bench-sync', env: peerEnv }),
  ];
  const theatre: Theatre = { context, shops, edge, worker, sync };
  const count = quick ? 2_000 : 6_000;
  const full = await interleave(
    quick ? 2 : 5,
    {
      ours: (round) => playRound(theatre, { side: 'ours', requests: count, name: `full-${round}` }),
      peer: (round) =>
        playRound(theatre, { side: 'peer', requests: count / 2, name: `full-${round}` }),
    },
    context.tell,
  );
  const perSecond = medianRate(full.peer) / 2;
  const requests = Math.ceil(perSecond * (quick ? 4 : 10));
  context.tell(`latency at ${Math.round(perSecond)}/s`);
  const half = await interleave(
    quick ? 1 : 3,
    {
      ours: (round) =>
        playRound(theatre, { side: 'ours', requests, name: `half-${round}`, perSecond }),
      peer: (round) =>
        playRound(theatre, { side: 'peer', requests, name: `half-${round}`, perSecond }),
    },
    context.tell,
  );
  await Promise.all([edge.stop(), worker.stop(), sync.stop()]);
  return [rateLine(full), latencyLine(half, perSecond)];
}

/** One round: posts, waits until all are in the books, and checks that all are, once. */
async function playRound(
  { context, shops, edge, worker, sync }: Theatre,
  options: { side: Side; requests: number; name: string; perSecond?: number },
): Promise<Round> {
  const { stage, notePeak } = context;
  const { side, requests, perSecond } = options;
  const ours = side === 'ours';
  const runId = `whole-${side}-${options.name}`;
  const channel = `${PREFIX}:jobs-finished`;
  let meter: Meter | undefined;
  const result = await stage.load.run(
    {
      host: '127.0.0.1',
      port: ours ? edge.port : sync.port,
      path: PURCHASE_PATH,
      runId,
      shops,
      requests,
      connections: CONNECTIONS,
      ...(perSecond !== undefined && { perSecond }),
      ...(ours && { finished: { redisUrl: stage.stack.redisUrl, channel } }),
    },
    () => {
      const pids = ours ? { edge: edge.pid, worker: worker.pid } : { sync: sync.pid };
      meter = new Meter({ ...pids, ...stage.serverPids });
    },
  );
  const cpuMsPerUnit = meter?.cpuMsPerUnit(requests) ?? {};
  if (ours) await tidyUp(context, { edge, worker });
  const applied = await countPurchases(stage.stack.postgresUrl, runId);
  if (applied !== requests) throw new Error(`${applied} of ${requests} posts became purchases`);
  notePeak('redis', stage.serverPids.redis);
  return { perSecond: requests / result.appliedSeconds, cpuMsPerUnit, also: latencies(result) };
}

async function tidyUp(
  { stage, notePeak }: LineContext,
  { edge, worker }: { edge: Actor; worker: Actor },
): Promise<void> {
  notePeak('edge', edge.pid);
  notePeak('worker', worker.pid);
  const queue = new BenchQueue(stage.stack.redisUrl, PREFIX);
  await queue.close();
}

function latencies({ answerMs, appliedMs }: LoadResult): Record<string, number> {
  return {
    answer50: answerMs.p50,
    answer99: answerMs.p99,
    applied50: appliedMs.p50,
    applied99: appliedMs.p99,
  };
}

function rateLine(full: Readonly<Record<Side, readonly Round[]>>): LineResult {
  const ratio = medianRatio(full.ours, full.peer);
  return {
    name: 'whole',
    measured: 'posted and applied, edge + one worker',
    against: 'Express + Sequelize in the request',
    unit: '/s',
    ours: medianRate(full.ours),
    peer: medianRate(full.peer),
    ratio,
    bar: `≥ ${BAR}×`,
    goal: `≥ ${BAR}×`,
    pass: ratio >= BAR,
    goalMet: ratio >= BAR,
    cpuMsPerUnit: { ours: medianCpu(full.ours), peer: medianCpu(full.peer) },
    notes: [
      `${CONNECTIONS} connections; the peer in ${PEER_PROCESSES} processes of ${PEER_POOL_SIZE} database connections`,
    ],
  };
}

function latencyLine(
  half: Readonly<Record<Side, readonly Round[]>>,
  perSecond: number,
): LineResult {
  const [ours, peer] = [medianAlso(half.ours), medianAlso(half.peer)];
  const [ours99 = NaN, peer99 = NaN] = [ours['applied99'], peer['applied99']];
  const describe = (also: Record<string, number>) =>
    `${also['applied50']?.toFixed(1)} ms p50, ${also['applied99']?.toFixed(1)} ms p99`;
  return {
    name: 'whole-latency',
    measured: 'post → applied, p99',
    against: 'the same, at half its highest rate',
    unit: ' ms',
    ours: ours99,
    peer: peer99,
    ratio: ours99 / peer99,
    bar: '≤ 1×',
    goal: '≤ 1×',
    pass: ours99 <= peer99,
    goalMet: ours99 <= peer99,
    cpuMsPerUnit: { ours: medianCpu(half.ours), peer: medianCpu(half.peer) },
    notes: [
      `both at a steady ${Math.round(perSecond)} posts/s: ours ${describe(ours)}, peer ${describe(peer)}`,
      `our till is free after ${ours['answer50']?.toFixed(1)} ms (p99 ${ours['answer99']?.toFixed(1)} ms)`,
      `worker concurrency ${WORKER_CONCURRENCY}`,
    ],
  };
}
