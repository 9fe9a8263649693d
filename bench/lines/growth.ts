import { Client } from 'pg';
import { migrate } from '../../infra/postgres/migrate.ts';
import {
  interleave,
  medianCpu,
  medianRate,
  medianRatio,
  type Round,
  type Rounds,
} from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor, Stage } from '../harness/stage.ts';
import type { LineContext, LineResult } from './line.ts';
import { drainRound } from './worker.ts';

const BAR = 0.9;
const POSTINGS_PER_CARD = 5;

type Size = '1k' | '100k' | '1M';
const cardsBySize: Record<Size, number> = { '1k': 1_000, '100k': 100_000, '1M': 1_000_000 };

interface Town {
  size: Size;
  postgresUrl: string;
  shops: Shop[];
  worker: Actor;
}

/** Whether a worker stays as quick when the books are a thousand times larger. */
export async function measureGrowth(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  // Seeding five million postings takes longer than a whole quick run may.
  const sizes: Size[] = quick ? ['1k', '100k'] : ['1k', '100k', '1M'];
  const towns: Town[] = [];
  for (const size of sizes) towns.push(await build(context, size));
  await checkpoint(stage);
  const sides = towns.map(({ size, shops, worker, postgresUrl }) => {
    const count = quick ? 4_000 : 10_000;
    const drain = (round: number) =>
      drainRound(context, { actor: worker, role: 'ours', shops, count, round, postgresUrl });
    return [size, drain] as const;
  });
  const rounds = await interleave(
    quick ? 2 : 7,
    Object.fromEntries(sides) as Record<Size, (round: number) => Promise<Round>>,
    context.tell,
  );
  await Promise.all(towns.map(({ worker }) => worker.stop()));
  return sizes.slice(1).map((size) => toLine(rounds, size));
}

function toLine(rounds: Rounds<Size>, size: Size): LineResult {
  const ratio = medianRatio(rounds[size], rounds['1k']);
  const cards = cardsBySize[size];
  const [count, postings] = [cards, cards * POSTINGS_PER_CARD].map((n) => n.toLocaleString('en'));
  return {
    name: `growth-${size}`,
    measured: `applied with ${count} cards and ${postings} postings`,
    against: 'itself with 1,000 cards',
    unit: '/s',
    ours: medianRate(rounds[size]),
    peer: medianRate(rounds['1k']),
    ratio,
    bar: `≥ ${BAR}×`,
    goal: `≥ ${BAR}×`,
    pass: ratio >= BAR,
    goalMet: ratio >= BAR,
    cpuMsPerUnit: { ours: medianCpu(rounds[size]), peer: medianCpu(rounds['1k']) },
    notes: [],
  };
}

/** A database of its own with so many cards, and a worker on it. */
async function build({ stage, tell }: LineContext, size: Size): Promise<Town> {
  const startedAt = performance.now();
  const database = `growth_${size.toLowerCase()}`;
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const { owner, edge, worker } = stage.stack.databaseUrls;
  await asOwner(owner, `CREATE DATABASE ${database}`);
  await migrate({ ownerUrl: on(owner) });
  const postingsPerCard = POSTINGS_PER_CARD;
  const shops = await seedShops(on(owner), { cards: cardsBySize[size], postingsPerCard });
  tell(`${size}: seeded in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  const actor = await stage.startProduct('worker', {
    prefix: `bench-growth-${size.toLowerCase()}`,
    databaseUrls: { edge: on(edge), worker: on(worker) },
  });
  return { size, postgresUrl: on(owner), shops, worker: actor };
}

/** So that writing out the seed does not fall into a round. */
function checkpoint(stage: Stage): Promise<void> {
  return asOwner(stage.stack.databaseUrls.owner, 'CHECKPOINT');
}

async function asOwner(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
