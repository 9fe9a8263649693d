import { join } from 'node:path';
import { Client } from 'pg';
import { toUuid } from '../postgres/ids.ts';
import { currency, demoBusiness, peopleCount } from './demo/business.ts';
import { type DemoMemory, recall, remember } from './demo/memory.ts';
import { type DemoPerson, seedPeople } from './demo/people.ts';
import { replaySlice } from './demo/replay.ts';
import { readSlice, type SliceSale } from './demo/slice.ts';
import type { OnProgress } from './progress.ts';
import { seedBusiness } from './seed-business.ts';

/** A business to play with, and what was replayed through its POS API. */
export type Demo = {
  /** A POS key (`rk_…`) of the demo business. */
  readonly apiKey: string;
  readonly businessId: string;
  readonly currency: string;
  readonly storeIds: readonly string[];
  readonly programs: readonly {
    readonly id: string;
    readonly unit: string;
    readonly name: string;
  }[];
  /** To play with; the first is of the first program, whose brand has the first store. */
  readonly cards: readonly {
    readonly id: string;
    readonly code: string;
    readonly programId: string;
  }[];
  /** To sign in as; the customers hold the first cards. */
  readonly people: readonly DemoPerson[];
  /** What went through the API, for people to read. */
  readonly replayed: Readonly<Record<string, number | string>>;
};

export type PrepareDemoOptions = {
  /** Database as its owner, for what has no API yet. */
  readonly ownerUrl: string;
  readonly edgeUrl: string;
  readonly cognitoUrl: string;
  /** Where it may keep what the next start needs: a key's secret is shown only once. */
  readonly dir: string;
  readonly onProgress: OnProgress;
  /** Aborting gives the replay up. */
  readonly signal: AbortSignal;
};

type Memory = Omit<DemoMemory, 'edition'>;

/**
 * Seeds the demo business, unless an earlier start has, and replays a slice of real shop sales.
 *
 * @throws Error when the API refuses what it should accept
 */
export async function prepareDemo(options: PrepareDemoOptions): Promise<Demo> {
  const file = join(options.dir, 'demo-business.json');
  let memory = await recallExisting(file, options.ownerUrl);
  if (memory?.replayed) {
    options.onProgress({ kind: 'done', text: 'Demo business found, its sales are in' });
    return toDemo(memory, memory.replayed, await peopleOf(options, memory));
  }
  const sales = readSlice();
  memory ??= await seed(options.ownerUrl, sales);
  remember(file, memory);
  options.onProgress({ kind: 'done', text: 'Demo business set up' });

  const startedAtMs = Date.now();
  const counts = await replaySlice({ ...options, memory, sales });
  const dates = { from: dateOf(sales.at(0)), to: dateOf(sales.at(-1)) };
  const replayed = { ...counts, ...dates, source: 'UCI Online Retail (CC BY 4.0)' };
  remember(file, { ...memory, replayed });
  const seconds = ((Date.now() - startedAtMs) / 1_000).toFixed(1);
  options.onProgress({ kind: 'done', text: `${sales.length} sales replayed in ${seconds} s` });
  return toDemo(memory, replayed, await peopleOf(options, memory));
}

/** The database may be another one than last time: then what the file says is of no use. */
async function recallExisting(file: string, ownerUrl: string): Promise<Memory | undefined> {
  const memory = recall(file);
  if (memory === undefined) return undefined;
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM business.businesses WHERE id = $1', [
      toUuid(memory.businessId),
    ]);
    return found.rowCount === 0 ? undefined : memory;
  } finally {
    await client.end();
  }
}

async function seed(ownerUrl: string, sales: readonly SliceSale[]): Promise<Memory> {
  const customers = [...new Set(sales.map((sale) => sale.customer))];
  const { cards, ...business } = await seedBusiness(ownerUrl, demoBusiness(customers));
  const people = cards.slice(0, peopleCount);
  const codes = cards.slice(peopleCount).map((card, i) => [customers[i], card.code] as const);
  return {
    ...business,
    cards: people.map(({ id, code, programId }) => ({ id, code, programId })),
    codes: Object.fromEntries(codes),
    replayed: null,
  };
}

function peopleOf(options: PrepareDemoOptions, memory: Memory): Promise<readonly DemoPerson[]> {
  const { businessId, cards } = memory;
  return seedPeople({ ...options, businessId, cardIds: cards.map(({ id }) => id) });
}

function toDemo(memory: Memory, replayed: Demo['replayed'], people: readonly DemoPerson[]): Demo {
  const { apiKey, businessId, storeIds, programs, cards } = memory;
  return { apiKey, businessId, currency, storeIds, programs, cards, people, replayed };
}

function dateOf(sale: SliceSale | undefined): string {
  return sale?.at.slice(0, 10) ?? '';
}
