import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { startS3 } from '../../infra/local/s3/s3.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { Meter } from '../harness/meter.ts';
import { interleave, medianCpu, medianRate, medianRatio, type Round } from '../harness/rounds.ts';
import { seedShops, type Shop } from '../harness/shops.ts';
import type { Actor } from '../harness/stage.ts';
import type { LineContext, LineResult } from './line.ts';

const BAR_PER_SECOND = 5_000;
const BAR_RATIO = 0.5;

/** What an import writes; its results and its checkpoint are beside it. */
const TABLES = [
  'customer.customers',
  'customer.name_keys',
  'customer.external_ids',
  'loyalty.cards',
  'loyalty.transactions',
  'loyalty.postings',
  'loyalty.lots',
] as const;

/**
 * A file of customers with opening balances through the API, from the first byte sent until its job
 * has ended, against `COPY` of the very rows it wrote into tables with the same columns and indexes.
 */
export async function measureImport(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const rows = quick ? 20_000 : 100_000;
  const s3 = await startS3({ dataDir: join(stage.dir, 's3') });
  const options = { prefix: 'bench-import', env: s3.env };
  const [shop] = await seedShops(stage.stack.postgresUrl, { cards: 2, postingsPerCard: 0 });
  if (!shop) throw new Error('no shop');
  const edge = await stage.startProduct('edge', options);
  const worker = await stage.startProduct('worker', options);
  const copies = await Copies.open(stage.stack.postgresUrl, shop);
  try {
    const rounds = await interleave(
      quick ? 2 : 3,
      {
        ours: (round) => importRound(context, { shop, edge, worker, rows, round, copies }),
        copy: () => copies.round(rows),
      },
      context.tell,
    );
    const ratio = medianRatio(rounds.ours, rounds.copy);
    const ours = medianRate(rounds.ours);
    const pass = ours >= BAR_PER_SECOND && ratio >= BAR_RATIO;
    const bar = `≥ ${BAR_PER_SECOND.toLocaleString('en')}/s, ≥ ${BAR_RATIO}×`;
    return [
      {
        name: 'import',
        measured: `rows of a CSV file of ${rows.toLocaleString('en')} customers with opening balances`,
        against: 'COPY of the rows it wrote, into tables with the same columns and indexes',
        unit: '/s',
        ours,
        peer: medianRate(rounds.copy),
        ratio,
        bar,
        goal: bar,
        pass,
        goalMet: pass,
        cpuMsPerUnit: { ours: medianCpu(rounds.ours), peer: medianCpu(rounds.copy) },
        notes: [],
      },
    ];
  } finally {
    await copies.close();
    await Promise.all([edge.stop(), worker.stop()]);
    await s3.stop();
  }
}

async function importRound(
  { stage, notePeak }: LineContext,
  of: { shop: Shop; edge: Actor; worker: Actor; rows: number; round: number; copies: Copies },
): Promise<Round> {
  const { shop, edge, worker, rows, round, copies } = of;
  const { postgres } = stage.serverPids;
  const csv = fileOf(rows, round);
  await copies.mark();
  const meter = new Meter({ edge: edge.pid, worker: worker.pid, postgres });
  const startedAt = performance.now();
  const headers = { Authorization: `Bearer ${shop.apiKey}` };
  const url = `http://127.0.0.1:${edge.port}`;
  const sent = await fetch(`${url}/v1/admin/imports`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'text/csv' },
    body: csv,
  });
  if (sent.status !== 202) throw new Error(`import: ${sent.status} ${await sent.text()}`);
  const { job } = (await sent.json()) as { job: { id: string } };
  const created = await endOf(`${url}/v1/jobs/${job.id}`, headers);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuMsPerUnit = meter.cpuMsPerUnit(rows);
  notePeak('worker', worker.pid);
  notePeak('edge', edge.pid);
  if (created !== rows) throw new Error(`${created} of ${rows} rows went in`);
  return { perSecond: rows / seconds, cpuMsPerUnit };
}

async function endOf(url: string, headers: Record<string, string>): Promise<number> {
  for (;;) {
    const polled = await fetch(`${url}?wait=20`, { headers });
    const body = (await polled.json()) as {
      status: string;
      result?: { import: { created: number } };
    };
    if (body.result) return body.result.import.created;
    if (body.status === 'failed' || body.status === 'declined') throw new Error(body.status);
    await pause(10);
  }
}

/** Customers as another system gives them out, each round others. */
function fileOf(rows: number, round: number): string {
  const lines = ['externalId,phone,email,name,birthday,consent:emailMarketing,balance:Stamps'];
  for (let i = 0; i < rows; i += 1) {
    const n = round * 1_000_000 + i;
    lines.push(
      `old-${n},+3519${String(n).padStart(8, '0')},customer-${n}@cafe.example,Customer Number ${n},` +
        `1990-0${1 + (n % 9)}-1${n % 9},${n % 2 === 0 ? 'true' : ''},${1 + (n % 9)}`,
    );
  }
  return lines.join('\n');
}

/** Tables like those that an import fills, filled by COPY with what the last one wrote. */
class Copies {
  readonly #client: Client;
  readonly #business: string;
  /** The id above which rows are new. */
  #since = '';

  private constructor(client: Client, business: string) {
    this.#client = client;
    this.#business = business;
  }

  static async open(ownerUrl: string, shop: Shop): Promise<Copies> {
    const client = new Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query('CREATE SCHEMA copied');
    for (const table of TABLES) {
      await client.query(`CREATE TABLE ${copyOf(table)} (LIKE ${table} INCLUDING ALL)`);
    }
    return new Copies(client, toUuid(shop.businessId));
  }

  /** Ids are time-ordered: whatever comes after this moment has a larger one. */
  async mark(): Promise<void> {
    await pause(5);
    const hex = Date.now().toString(16).padStart(12, '0');
    this.#since = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  }

  async round(rows: number): Promise<Round> {
    for (const table of TABLES) {
      const id = keyOf(table);
      await this.#client.query(
        `COPY (SELECT * FROM ${table} WHERE business_id = '${this.#business}' AND ${id} > '${this.#since}')
           TO '${await this.#fileOf(table)}'`,
      );
    }
    const startedAt = performance.now();
    for (const table of TABLES) {
      await this.#client.query(`COPY ${copyOf(table)} FROM '${await this.#fileOf(table)}'`);
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    return { perSecond: rows / seconds, cpuMsPerUnit: { copy: (seconds * 1_000) / rows } };
  }

  async #fileOf(table: string): Promise<string> {
    const { rows } = await this.#client.query<{ dir: string }>(
      `SELECT current_setting('data_directory') AS dir`,
    );
    return join(rows[0]?.dir ?? '', `${table}.copy`);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

const copyOf = (table: string) => `copied.${table.slice(table.indexOf('.') + 1)}`;

function keyOf(table: (typeof TABLES)[number]): string {
  if (table === 'customer.name_keys' || table === 'customer.external_ids') return 'customer_id';
  return table === 'loyalty.postings' ? 'transaction_id' : 'id';
}
