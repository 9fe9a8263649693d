import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { seedBusiness, type SeededBusiness } from '../../infra/local/seed-business.ts';
import { createWebhookSecrets } from '../../infra/sealing/webhook-secrets.ts';
import { Meter } from '../harness/meter.ts';
import {
  interleave,
  medianAlso,
  medianCpu,
  medianRate,
  medianRatio,
  type Round,
} from '../harness/rounds.ts';
import type { Actor } from '../harness/stage.ts';
import type { LineContext, LineResult } from './line.ts';

const ENDPOINTS = 10;
/** As many as the product has under way at ten endpoints. */
const AT_ONCE = 100;
const BODY_DATA = {
  cardId: 'crd_01jd7x0mh8e2rta5p3v0c2k9qz',
  programId: 'prg_01jd7x0mh8e2rta5p3v0c2k9qz',
  customerId: 'cus_01jd7x0mh8e2rta5p3v0c2k9qz',
  sequence: 12,
  transactionId: 'txn_01jd7x0mh8e2rta5p3v0c2k9qz',
  earned: 1,
  balance: 8,
};
const POLL_MS = 10;
const TICK_MS = 100;
const PER_TICK = 20;

interface Site {
  context: LineContext;
  client: Client;
  business: SeededBusiness;
  receiver: Actor;
  relay: Actor;
}

/**
 * Webhooks sent a second by one relay, from rows in the database to rows that say delivered, against a
 * bare loop; and what one endpoint that hangs does to how soon the others hear.
 */
export async function measureWebhooks(context: LineContext): Promise<LineResult[]> {
  const { stage, quick, tell } = context;
  const client = new Client({ connectionString: stage.stack.postgresUrl });
  await client.connect();
  const receiver = await stage.startPeer('webhook-receiver', { prefix: 'bench-receiver' });
  const loop = await stage.startPeer('webhook-loop', {
    prefix: 'bench-loop',
    env: { RECEIVER_URL: urlOf(receiver, '/'), AT_ONCE: String(AT_ONCE), BODY: bodyOf(Date.now()) },
  });
  const relay = await stage.startProduct('relay', {
    prefix: 'bench-webhooks',
    // Loopback is forbidden in production, and there is no other receiver here.
    env: { NODE_ENV: 'test', ALLOW_PRIVATE_WEBHOOKS: '1' },
  });
  const business = await seedBusiness(stage.stack.postgresUrl, {
    name: 'Webhooks',
    currency: 'EUR',
    zone: 'Europe/Lisbon',
    stores: [],
    programs: [],
  });
  const site: Site = { context, client, business, receiver, relay };
  try {
    const count = quick ? 5_000 : 20_000;
    const endpoints = await addEndpoints(site, ENDPOINTS, '/');
    const sending = await interleave(
      quick ? 3 : 7,
      {
        ours: () => sendRound(site, endpoints, count),
        loop: () => loopRound(site, loop, count),
      },
      tell,
    );
    const timed = await addEndpoints(site, ENDPOINTS, '/timed');
    const [hanging = ''] = await addEndpoints(site, 1, '/hang');
    const seconds = quick ? 5 : 20;
    const hearing = await interleave(
      quick ? 3 : 7,
      {
        hanging: () => hearRound(site, { timed, hanging, seconds }),
        without: () => hearRound(site, { timed, hanging: null, seconds }),
      },
      tell,
    );
    return [throughputLine(sending, relay), hangingLine(hearing)];
  } finally {
    await Promise.all([client.end(), relay.stop(), loop.stop(), receiver.stop()]);
  }
}

const urlOf = ({ port }: Actor, path: string) => `http://127.0.0.1:${port}${path}`;

function bodyOf(at: number): string {
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ type: 'card.balance_changed', timestamp, data: BODY_DATA });
}

async function addEndpoints(site: Site, count: number, path: string): Promise<string[]> {
  const secrets = createWebhookSecrets(Buffer.alloc(32, 7).toString('base64'));
  const ids = Array.from({ length: count }, () => toUuid(idSource.id('whe')));
  for (const id of ids) {
    await site.client.query(
      `INSERT INTO business.webhook_endpoints (business_id, id, name, url, secret)
       VALUES ($1, $2, 'bench', $3, $4)`,
      [
        toUuid(site.business.businessId),
        id,
        urlOf(site.receiver, path),
        secrets.make(id).sealedSecret,
      ],
    );
  }
  return ids;
}

/** Rows as the relay writes them when events leave the outbox, and the word that they are there. */
async function addDeliveries(
  { client, business }: Site,
  endpoints: readonly string[],
  count: number,
) {
  const businessUuid = toUuid(business.businessId);
  const rows = Array.from({ length: count }, (_, i) => ({
    endpoint_id: endpoints[i % endpoints.length],
    id: toUuid(idSource.id('evt')),
  }));
  await client.query(
    `INSERT INTO business.webhook_deliveries
       (business_id, endpoint_id, id, type, body, due_at, give_up_at, created_at)
     SELECT $1, endpoint_id, id, 'card.balance_changed', $2, now(), now() + interval '76 hours', now()
       FROM json_to_recordset($3::json) AS r (endpoint_id uuid, id uuid)`,
    [businessUuid, bodyOf(Date.now()), JSON.stringify(rows)],
  );
}

/** The word that there is something to send, as a commit gives it. */
async function tell({ client, business }: Site, endpoints: readonly string[]): Promise<void> {
  const told = endpoints.map((endpoint) => `${toUuid(business.businessId)} ${endpoint}`);
  await client.query(`SELECT pg_notify('webhooks', $1)`, [told.join('\n')]);
}

async function sendRound(site: Site, endpoints: readonly string[], count: number): Promise<Round> {
  const { relay, context, client } = site;
  const { redis, postgres } = context.stage.serverPids;
  const meter = new Meter({ relay: relay.pid, redis, postgres });
  await addDeliveries(site, endpoints, count);
  const began = performance.now();
  await tell(site, endpoints);
  // As soon as the last is written down, not when it has arrived: that is our work as well.
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT FROM business.webhook_deliveries WHERE business_id = $1 AND due_at IS NOT NULL LIMIT 1`,
      [toUuid(site.business.businessId)],
    );
    if (rowCount === 0) break;
    await pause(POLL_MS);
  }
  const seconds = (performance.now() - began) / 1_000;
  const cpuMsPerUnit = meter.cpuMsPerUnit(count);
  await client.query('TRUNCATE business.webhook_deliveries');
  return { perSecond: count / seconds, cpuMsPerUnit };
}

async function loopRound({ context }: Site, loop: Actor, count: number): Promise<Round> {
  const meter = new Meter({ loop: loop.pid, redis: context.stage.serverPids.redis });
  const answer = await fetch(urlOf(loop, `/?count=${count}`));
  const seconds = Number(await answer.text());
  return { perSecond: count / seconds, cpuMsPerUnit: meter.cpuMsPerUnit(count) };
}

/** Two hundred events a second over ten endpoints, with or without an eleventh that hangs. */
async function hearRound(
  site: Site,
  of: { timed: readonly string[]; hanging: string | null; seconds: number },
): Promise<Round> {
  const { timed, hanging, seconds } = of;
  const status = async () =>
    (await (await fetch(urlOf(site.receiver, '/'))).json()) as { count: number; tookMs: number[] };
  const before = (await status()).count;
  const ticks = (seconds * 1_000) / TICK_MS;
  const began = performance.now();
  for (let tick = 0; tick < ticks; tick += 1) {
    const endpoints = hanging === null ? timed : [hanging, ...timed];
    if (hanging !== null) await addDeliveries(site, [hanging], 2);
    await addDeliveries(site, timed, PER_TICK);
    await tell(site, endpoints);
    await pause(Math.max(0, began + (tick + 1) * TICK_MS - performance.now()));
  }
  const tookMs: number[] = [];
  for (let arrived = 0; arrived < ticks * PER_TICK;) {
    const now = await status();
    arrived = now.count - before;
    tookMs.push(...now.tookMs);
    await pause(POLL_MS);
  }
  await site.client.query('TRUNCATE business.webhook_deliveries');
  const p95 = tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length * 0.95)] ?? NaN;
  return { perSecond: (ticks * PER_TICK) / seconds, cpuMsPerUnit: {}, also: { p95 } };
}

function throughputLine(
  rounds: Awaited<ReturnType<typeof interleave<'ours' | 'loop'>>>,
  relay: Actor,
): LineResult {
  const ratio = medianRatio(rounds.ours, rounds.loop);
  return {
    name: 'webhooks',
    measured: 'webhooks a second, from a row that waits to a row that says delivered',
    against: 'a bare loop over kept connections, to the same receiver',
    unit: '/s',
    ours: medianRate(rounds.ours),
    peer: medianRate(rounds.loop),
    ratio,
    bar: '≥ 0.5×',
    goal: '≥ 0.5×',
    pass: ratio >= 0.5,
    goalMet: ratio >= 0.5,
    cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.loop) },
    notes: [`${ENDPOINTS} endpoints, signed; the loop signs nothing. Relay: process ${relay.name}`],
  };
}

function hangingLine(
  rounds: Awaited<ReturnType<typeof interleave<'hanging' | 'without'>>>,
): LineResult {
  const ours = medianAlso(rounds.hanging)['p95'] ?? NaN;
  const peer = medianAlso(rounds.without)['p95'] ?? NaN;
  const ratio = ours / peer;
  return {
    name: 'webhooks-hanging',
    measured: 'p95 from an event to its arrival, while another endpoint hangs',
    against: 'itself, while none hangs',
    unit: ' ms',
    ours,
    peer,
    ratio,
    bar: '≤ 1.1×',
    goal: '≤ 1.1×',
    pass: ratio <= 1.1,
    goalMet: ratio <= 1.1,
    cpuMsPerUnit: {},
    notes: [],
  };
}
