import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { insertSales } from '../harness/history.ts';
import { Meter } from '../harness/meter.ts';
import { interleave, medianCpu, medianRate, medianRatio, type Round } from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import type { LineContext, LineResult } from './line.ts';

/** Sales a second that one core judges, reading included. */
const BAR_PER_SECOND = 50_000;
const BAR_RATIO = 0.5;
const DAYS = 90;

/**
 * A backtest through the API, in sales a second of the worker's CPU time, against the bare loop of
 * the same rules over the same history already in memory.
 */
export async function measureBacktest(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const sales = quick ? 60_000 : 300_000;
  const [shop] = await seedShops(stage.stack.postgresUrl, { cards: sales / 5, postingsPerCard: 0 });
  if (!shop) throw new Error('no shop');
  await insertSales(stage.stack.postgresUrl, { shop, sales });
  const edge = await stage.startProduct('edge', { prefix: 'bench-backtest' });
  const worker = await stage.startProduct('worker', { prefix: 'bench-backtest' });
  const loop = await startLoop(shop, stage.stack.databaseUrls.worker);
  const rounds = await interleave(
    quick ? 2 : 5,
    {
      ours: () => backtestRound(context, { shop, edge, worker, sales }),
      loop: () => loopRound(loop),
    },
    context.tell,
  );
  loop.kill();
  await Promise.all([edge.stop(), worker.stop()]);
  const ratio = medianRatio(rounds.ours, rounds.loop);
  const ours = medianRate(rounds.ours);
  const pass = ours >= BAR_PER_SECOND && ratio >= BAR_RATIO;
  return [
    {
      name: 'backtest',
      measured: `sales of a history of ${sales.toLocaleString('en')} judged by a draft, a second of the worker\u2019s CPU`,
      against: 'the bare loop over the same history in memory',
      unit: '/s',
      ours,
      peer: medianRate(rounds.loop),
      ratio,
      bar: `≥ 50,000/s, ≥ ${BAR_RATIO}×`,
      goal: `≥ 50,000/s, ≥ ${BAR_RATIO}×`,
      pass,
      goalMet: pass,
      cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.loop) },
      notes: [],
    },
  ];
}

interface Backtested {
  backtest: { transactions: number; changedCards: number };
}

async function backtestRound(
  { stage, notePeak }: LineContext,
  { shop, edge, worker, sales }: { shop: Shop; edge: Actor; worker: Actor; sales: number },
): Promise<Round> {
  const { postgres } = stage.serverPids;
  const meter = new Meter({ worker: worker.pid, postgres });
  const { backtest } = await runBacktest(shop, `http://127.0.0.1:${edge.port}`);
  const cpuMsPerUnit = meter.cpuMsPerUnit(sales);
  notePeak('worker', worker.pid);
  if (backtest.transactions !== sales)
    throw new Error(`${backtest.transactions} of ${sales} sales`);
  return { perSecond: 1_000 / (cpuMsPerUnit['worker'] ?? 0), cpuMsPerUnit };
}

async function runBacktest(shop: Shop, url: string): Promise<Backtested> {
  const headers = {
    Authorization: `Bearer ${shop.apiKey}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': randomUUID(),
    Prefer: 'wait=10',
  };
  const path = `${url}/v1/admin/programs/${shop.programId}/versions/1/backtest`;
  const answer = await fetch(path, {
    method: 'POST',
    headers,
    body: JSON.stringify({ days: DAYS }),
  });
  if (answer.status === 200) return (await answer.json()) as Backtested;
  if (answer.status !== 202) throw new Error(`backtest: ${answer.status} ${await answer.text()}`);
  const { job } = (await answer.json()) as { job: { id: string } };
  for (;;) {
    const polled = await fetch(`${url}/v1/jobs/${job.id}?wait=20`, { headers });
    const body = (await polled.json()) as { status: string; result?: Backtested };
    if (body.result) return body.result;
    if (body.status === 'failed' || body.status === 'declined') throw new Error(body.status);
  }
}

async function startLoop(shop: Shop, databaseUrl: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, '..', 'peers', 'decide-loop.ts');
  const child = fork(script, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, WORKER_DATABASE_URL: databaseUrl, BUSINESS_ID: shop.businessId },
  });
  await once(child, 'message');
  return child;
}

async function loopRound(loop: ChildProcess): Promise<Round> {
  loop.send('judge');
  const [{ purchases, cpuMs }] = (await once(loop, 'message')) as [
    { purchases: number; cpuMs: number },
  ];
  const cpuMsPerUnit = { loop: cpuMs / purchases };
  return { perSecond: 1_000 / cpuMsPerUnit.loop, cpuMsPerUnit };
}
