import { Redis } from 'ioredis';
import pino from 'pino';
import type { CustomerId } from '../../domain/values/ids.ts';
import { createConfigCache } from '../../infra/postgres/config-cache.ts';
import { findHoldings } from '../../infra/postgres/holdings.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { createHoldingsCache } from '../../infra/redis/holdings-cache.ts';
import { Meter } from '../harness/meter.ts';
import { interleave, medianCpu, medianRate, medianRatio } from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { LineContext, LineResult } from './line.ts';

/** Reads under way at once: an edge with some customers' screens open. */
const CONCURRENCY = 16;
/** Each is asked for ten times a round, as screens and tills ask again. */
const CUSTOMERS = 1_000;
const ASKED_AGAIN = 10;

/** Reads of what a customer holds, through Redis, against the database asked each time. */
export async function measureCardRead({ stage, quick, tell }: LineContext): Promise<LineResult[]> {
  const [shop] = await seedShops(stage.stack.postgresUrl, { cards: 10_000, postingsPerCard: 10 });
  if (!shop) throw new Error('a shop is needed to read from');
  const pool = createPool({
    url: stage.stack.postgresUrl,
    applicationName: 'bench-card-read',
    maxConnections: 3,
    lockTimeoutMs: 1_000,
    statementTimeoutMs: 5_000,
    lookUpsOnly: true,
    log: pino({ level: 'silent' }),
  });
  const redis = new Redis(stage.stack.redisUrl);
  const loadConfigs = createConfigCache();
  const now = () => Date.now();
  try {
    const customers = await inBusinesses([shop.businessId], () => customersOf(pool, shop));
    const find = (id: CustomerId) =>
      findHoldings({ pool, loadConfigs, now: now() }, shop.businessId, id);
    const round = (prefix: string | null) => async (turn: number) => {
      const read = prefix && createHoldingsCache({ redis, prefix: `${prefix}-${turn}`, now });
      const meter = new Meter({ edge: process.pid, ...stage.serverPids });
      const reads = CUSTOMERS * ASKED_AGAIN;
      const began = performance.now();
      await inBusinesses([shop.businessId], () =>
        inTurns(reads, (i) => {
          const id = customers[i % customers.length] as CustomerId;
          return read ? read(shop.businessId, id, () => find(id)) : find(id);
        }),
      );
      const seconds = (performance.now() - began) / 1_000;
      return { perSecond: reads / seconds, cpuMsPerUnit: meter.cpuMsPerUnit(reads) };
    };
    const sides = { ours: round('bench-holdings'), peer: round(null) };
    const rounds = await interleave(quick ? 3 : 7, sides, tell);
    return [lineOf(rounds)];
  } finally {
    redis.disconnect();
    await pool.end();
  }
}

function lineOf(rounds: Awaited<ReturnType<typeof interleave<'ours' | 'peer'>>>): LineResult {
  const ratio = medianRatio(rounds.ours, rounds.peer);
  return {
    name: 'card-read',
    measured: `reads of what a customer holds, each of ${CUSTOMERS} asked ${ASKED_AGAIN} times`,
    against: 'the database each time',
    unit: '/s',
    ours: medianRate(rounds.ours),
    peer: medianRate(rounds.peer),
    ratio,
    bar: '≥ 1×',
    goal: '≥ 1×',
    pass: ratio >= 1,
    goalMet: ratio >= 1,
    cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.peer) },
    notes: ['one round trip where it is known, two and a write where not; the peer has two'],
  };
}

async function customersOf(pool: ReturnType<typeof createPool>, shop: Shop): Promise<CustomerId[]> {
  const { rows } = await pool.query<{ customer_id: string }>(
    'SELECT customer_id FROM loyalty.cards WHERE business_id = $1 ORDER BY id LIMIT $2',
    [toUuid(shop.businessId), CUSTOMERS],
  );
  return rows.map((row) => fromUuid('cus', row.customer_id));
}

async function inTurns(count: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
