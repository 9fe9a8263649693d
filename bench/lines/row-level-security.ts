import { Client } from 'pg';
import { interleave, medianCpu, medianRate, medianRatio } from '../harness/rounds.ts';
import { seedShops } from '../harness/shops.ts';
import { type LineContext, type LineResult, WORKER_CONCURRENCY } from './line.ts';
import { drainRound } from './worker.ts';

const BAR = 0.9;
const OPEN_ROLE = 'bench_open';

/** What the wall between businesses costs the worker: the same one, on a role that it does not hold. */
export async function measureRowLevelSecurity(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const { postgresUrl, databaseUrls } = stage.stack;
  const shops = await seedShops(postgresUrl, { cards: 10_000, postingsPerCard: 0 });
  await makeOpenRole(postgresUrl);
  const start = (wall: 'on' | 'off', url: string) =>
    stage.startPeer('batched-worker', {
      prefix: `bench-wall-${wall}`,
      env: {
        WALL: wall,
        WORKER_DATABASE_URL: url,
        WORKER_CONCURRENCY: String(WORKER_CONCURRENCY),
      },
    });
  const openUrl = new URL(databaseUrls.worker);
  openUrl.username = OPEN_ROLE;
  const walled = await start('on', databaseUrls.worker);
  const open = await start('off', openUrl.href);
  const count = quick ? 5_000 : 10_000;
  const rounds = await interleave(
    quick ? 5 : 9,
    {
      ours: (round) => drainRound(context, { actor: walled, role: 'walled', shops, count, round }),
      peer: (round) => drainRound(context, { actor: open, role: 'open', shops, count, round }),
    },
    context.tell,
  );
  await Promise.all([walled.stop(), open.stop()]);
  const ratio = medianRatio(rounds.ours, rounds.peer);
  return [
    {
      name: 'row-level-security',
      measured: 'purchases applied by one worker that sees only the businesses of its batch',
      against: 'the same worker on a role that sees all',
      unit: '/s',
      ours: medianRate(rounds.ours),
      peer: medianRate(rounds.peer),
      ratio,
      bar: `≥ ${BAR}×`,
      goal: '≥ 1×',
      pass: ratio >= BAR,
      goalMet: ratio >= 1,
      cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.peer) },
      notes: [],
    },
  ];
}

/** May what the worker's role may, and is held to no policy. */
async function makeOpenRole(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(`CREATE ROLE ${OPEN_ROLE} LOGIN BYPASSRLS IN ROLE regulars_worker`);
  } finally {
    await client.end();
  }
}
