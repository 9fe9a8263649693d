import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Client } from 'pg';
import { expireLots } from '../../queues/commands/expire-lots.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import { countPurchases } from '../harness/books.ts';
import { Meter } from '../harness/meter.ts';
import { BenchQueue } from '../harness/queue.ts';
import { interleave, medianAlso, medianCpu, type Round } from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import { CONNECTIONS, type LineContext, type LineResult, PURCHASE_PATH } from './line.ts';

const PREFIX = 'bench-sweep';
const BAR = 2;
/** A quarter of what edge and worker can do together here: room for a sweep beside. */
const PER_SECOND = 150;
const POLL_MS = 100;

interface Theatre {
  context: LineContext;
  shops: readonly Shop[];
  edge: Actor;
  worker: Actor;
}

/**
 * What live posts feel of a sweep: p99 from the post until it is in the books while the same worker
 * sweeps expired lots out of the same shops, against the same without a sweep.
 */
export async function measureSweep(context: LineContext): Promise<LineResult[]> {
  const { stage, quick, tell } = context;
  const lots = quick ? 50_000 : 1_000_000;
  const shops = await seedShops(stage.stack.postgresUrl, { cards: lots, postingsPerCard: 1 });
  await expireAll(stage.stack.postgresUrl);
  tell(`${lots.toLocaleString('en')} lots have expired`);
  const edge = await stage.startProduct('edge', { prefix: PREFIX });
  const worker = await stage.startProduct('worker', { prefix: PREFIX });
  const theatre: Theatre = { context, shops, edge, worker };
  const rounds = await interleave(
    quick ? 2 : 5,
    {
      sweeping: (round) => playRound(theatre, { name: `sweeping-${round}`, sweeps: true }),
      resting: (round) => playRound(theatre, { name: `resting-${round}`, sweeps: false }),
    },
    tell,
  );
  await Promise.all([edge.stop(), worker.stop()]);
  const [ours, peer] = [medianAlso(rounds.sweeping), medianAlso(rounds.resting)];
  const ratio = (ours['p99'] ?? 0) / (peer['p99'] ?? 1);
  return [
    {
      name: 'sweep',
      measured: `p99 from post to books while ${lots.toLocaleString('en')} expired lots are swept`,
      against: 'itself without a sweep',
      unit: ' ms',
      ours: ours['p99'] ?? 0,
      peer: peer['p99'] ?? 0,
      ratio,
      bar: `≤ ${BAR}×`,
      goal: `≤ ${BAR}×`,
      pass: ratio <= BAR,
      goalMet: ratio <= BAR,
      cpuMsPerUnit: { ours: medianCpu(rounds.sweeping), peer: medianCpu(rounds.resting) },
      notes: [
        `${Math.round(ours['swept'] ?? 0)} lots swept a second, ${PER_SECOND} posts a second`,
      ],
    },
  ];
}

async function playRound(
  { context, shops, edge, worker }: Theatre,
  options: { name: string; sweeps: boolean },
): Promise<Round> {
  const { stage, quick } = context;
  const runId = `sweep-${options.name}`;
  const requests = PER_SECOND * (quick ? 6 : 12);
  const sweeper = new Sweeper(stage.stack.redisUrl, shops);
  const before = await countExpired(stage.stack.postgresUrl);
  const startedAt = performance.now();
  const sweeping = options.sweeps ? sweeper.keepGoing() : Promise.resolve();
  let meter: Meter | undefined;
  const result = await stage.load.run(
    {
      host: '127.0.0.1',
      port: edge.port,
      path: PURCHASE_PATH,
      runId,
      shops,
      requests,
      connections: CONNECTIONS,
      perSecond: PER_SECOND,
      finished: { redisUrl: stage.stack.redisUrl, channel: `${PREFIX}:jobs-finished` },
    },
    () => {
      meter = new Meter({ edge: edge.pid, worker: worker.pid, ...stage.serverPids });
    },
  );
  const cpuMsPerUnit = meter?.cpuMsPerUnit(requests) ?? {};
  const seconds = (performance.now() - startedAt) / 1_000;
  const swept = before - (await countExpired(stage.stack.postgresUrl));
  await sweeper.stop();
  await sweeping;
  const queue = new BenchQueue(stage.stack.redisUrl, PREFIX);
  await queue.close();
  const applied = await countPurchases(stage.stack.postgresUrl, runId);
  if (applied !== requests) throw new Error(`${applied} of ${requests} posts became purchases`);
  const { p50, p99 } = result.appliedMs;
  return {
    perSecond: requests / result.appliedSeconds,
    cpuMsPerUnit,
    also: { p50, p99, swept: swept / seconds },
  };
}

/** Sends sweeps as the schedule would, but one as soon as the last has ended. */
class Sweeper {
  readonly #queue: Queue<Envelope>;
  readonly #shops: readonly Shop[];
  #isStopping = false;

  constructor(redisUrl: string, shops: readonly Shop[]) {
    this.#shops = shops;
    this.#queue = new Queue<Envelope>(expireLots.queue, {
      prefix: PREFIX,
      connection: { url: redisUrl, maxRetriesPerRequest: null },
    });
    this.#queue.on('error', () => undefined);
  }

  async keepGoing(): Promise<void> {
    while (!this.#isStopping) {
      const { waiting = 0, active = 0 } = await this.#queue.getJobCounts('waiting', 'active');
      if (waiting + active === 0) await this.#sendAll();
      await pause(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    // What is under way goes on for a while; the next round must not feel it.
    while ((await this.#queue.getActiveCount()) + (await this.#queue.getWaitingCount()) > 0) {
      await pause(POLL_MS);
    }
    await this.#queue.close();
  }

  async #sendAll(): Promise<void> {
    const now = new Date().toISOString();
    const payload = { at: now, restingSince: now };
    const principal = { kind: 'system', id: 'schedules' } as const;
    for (const businessId of new Set(this.#shops.map((shop) => shop.businessId))) {
      const command = expireLots.name;
      const id = jobIdFor({ businessId, principal, command, key: `key:${now}` });
      await this.#queue.add(
        command,
        {
          id,
          type: command,
          version: expireLots.version,
          businessId,
          principal,
          requestHash: hashRequest(payload),
          receivedAt: now,
          payload,
        },
        { jobId: id, attempts: 5, backoff: { type: 'custom' } },
      );
    }
  }
}

async function expireAll(postgresUrl: string): Promise<void> {
  await withClient(postgresUrl, async (client) => {
    await client.query(
      `UPDATE loyalty.lots SET expires_at = now() - interval '10 days'
        WHERE remaining > 0 AND expires_at IS NULL`,
    );
    await client.query('VACUUM ANALYZE loyalty.lots');
  });
}

async function countExpired(postgresUrl: string): Promise<number> {
  return withClient(postgresUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM loyalty.lots WHERE remaining > 0 AND expires_at <= now()',
    );
    return Number(rows[0]?.count);
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
