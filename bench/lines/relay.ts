import { Client } from 'pg';
import { Meter, readUsage } from '../harness/meter.ts';
import { interleave, medianCpu, medianRate, medianRatio, type Round } from '../harness/rounds.ts';
import { seedShops } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import { type LineContext, type LineResult, WORKER_CONCURRENCY } from './line.ts';
import { drainRound } from './worker.ts';

const PREFIX = 'bench-relay';
const BAR = 1;
const POLL_MS = 5;
const LIMIT_MS = 120_000;

/**
 * Rows of the outbox that one relay publishes a second, to screens, caches, webhooks and its own
 * figures: against the rate at which one worker made those very rows. It stands still meanwhile.
 */
export async function measureRelay(context: LineContext): Promise<LineResult[]> {
  const { stage, quick, tell } = context;
  const shops = await seedShops(stage.stack.postgresUrl, { cards: 10_000, postingsPerCard: 0 });
  const env = { WORKER_CONCURRENCY: String(WORKER_CONCURRENCY) };
  const worker = await stage.startProduct('worker', { prefix: PREFIX, env });
  const relay = await stage.startProduct('relay', { prefix: PREFIX });
  const postgres = new Client({ connectionString: stage.stack.postgresUrl });
  await postgres.connect();
  const count = quick ? 5_000 : 15_000;
  try {
    await publish({ context, relay, postgres });
    const rounds = await interleave(
      quick ? 3 : 7,
      {
        worker: (round) =>
          drainRound(context, { actor: worker, role: 'ours', shops, count, round }),
        relay: () => publish({ context, relay, postgres }),
      },
      tell,
    );
    const ratio = medianRatio(rounds.relay, rounds.worker);
    const peakMib = readUsage(relay.pid).peakRssKib / 1_024;
    return [
      {
        name: 'relay',
        measured: 'rows of the outbox published by one relay',
        against: 'the worker that makes them',
        unit: '/s',
        ours: medianRate(rounds.relay),
        peer: medianRate(rounds.worker),
        ratio,
        bar: `≥ ${BAR}×`,
        goal: `≥ ${BAR}×`,
        pass: ratio >= BAR,
        goalMet: ratio >= BAR,
        cpuMsPerUnit: { ours: medianCpu(rounds.relay), peer: medianCpu(rounds.worker) },
        notes: [`${Math.round(peakMib)} MiB at most in the relay`],
      },
    ];
  } finally {
    process.kill(relay.pid, 'SIGCONT');
    await postgres.end();
    await Promise.all([worker.stop(), relay.stop()]);
  }
}

/** Lets the relay go until nothing waits, and holds it again. */
async function publish(parts: {
  context: LineContext;
  relay: Actor;
  postgres: Client;
}): Promise<Round> {
  const { context, relay, postgres } = parts;
  const rows = await countWaiting(postgres);
  const { redis, postgres: server } = context.stage.serverPids;
  const meter = new Meter({ relay: relay.pid, redis, postgres: server });
  const startedAt = performance.now();
  process.kill(relay.pid, 'SIGCONT');
  while ((await countWaiting(postgres)) > 0) {
    if (performance.now() - startedAt > LIMIT_MS) throw new Error('the relay hangs');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuMsPerUnit = meter.cpuMsPerUnit(Math.max(rows, 1));
  process.kill(relay.pid, 'SIGSTOP');
  return { perSecond: rows / seconds, cpuMsPerUnit };
}

/** What waits in the outbox, or for a destination that was not given it. */
async function countWaiting(postgres: Client): Promise<number> {
  const { rows } = await postgres.query<{ count: number }>(
    `SELECT ((SELECT count(*) FROM loyalty.outbox)
           + (SELECT count(*) FROM loyalty.outbox_backlog))::int AS count`,
  );
  return rows[0]?.count ?? 0;
}
