import { randomInt, randomUUID } from 'node:crypto';
import type { Unit } from '../../domain/values/units.ts';
import { seedBusiness } from '../../infra/local/seed-business.ts';
import { checkBooks, countEndedJobs } from '../ledger-check.ts';
import { createPosClient, type PosClient, type Sale } from '../pos-client.ts';
import { compare, type Row } from './report.ts';
import { settled } from './settled.ts';
import { inParallel, readCards, type ReplayContext, waitForJobs } from './site.ts';

/** What a replay needs set up: one store, one program, and so many customers. */
export type ShopSpec = {
  readonly name: string;
  readonly currency: string;
  readonly zone: string;
  readonly store: string;
  readonly brand: string;
  readonly program: { readonly name: string; readonly unit: Unit; readonly definition: object };
  readonly customers: number;
};

/** A shop set up for a replay, and what can be seen of it afterwards. */
export type ReplayShop = {
  readonly apiKey: string;
  readonly storeId: `sto_${string}`;
  /** How a till names them, in order. */
  readonly customers: readonly NonNullable<Sale['customer']>[];
  /** Whole stamps or points and usable rewards, in the order of the customers. */
  readCards(): Promise<readonly { readonly balance: number; readonly rewards: number }[]>;
  /** Waits until these jobs have ended. */
  waitForJobs(jobIds: ReadonlySet<string>, text: string): Promise<void>;
  /** What only the database can tell; nothing where only the API can be asked. */
  checkBooks(sales: number): Promise<Row[]>;
};

const CONNECTIONS = 50;
/** Long enough for a rate limit of somebody else's edge, which may ask for a minute. */
const PATIENCE_MS = 180_000;

/** Sets a shop up: straight in the database of a stack of our own, else through the API alone. */
export function openReplayShop(context: ReplayContext, spec: ShopSpec): Promise<ReplayShop> {
  return context.adminKey === undefined
    ? openInDatabase(context, spec)
    : openThroughApi({ ...context, adminKey: context.adminKey }, spec);
}

async function openInDatabase(context: ReplayContext, spec: ShopSpec): Promise<ReplayShop> {
  const { ownerUrl } = context;
  const { brand, program, store } = spec;
  const { businessId, apiKey, storeIds, cards } = await seedBusiness(ownerUrl, {
    name: spec.name,
    currency: spec.currency,
    zone: spec.zone,
    acceptPastDays: 36_500,
    stores: [{ name: store, brand }],
    programs: [{ ...program, brand }],
    customers: Array.from({ length: spec.customers }, () => ({ program: program.name })),
  });
  return {
    apiKey,
    storeId: storeIds[0] ?? 'sto_',
    customers: cards.map(({ code }) => ({ cardCode: code })),
    async readCards() {
      const states = await readCards(ownerUrl, businessId);
      return cards.map(({ code }) => states.get(code) ?? { balance: Number.NaN, rewards: 0 });
    },
    waitForJobs: (jobIds, text) => waitForJobs(context, { businessId, count: jobIds.size, text }),
    async checkBooks(sales) {
      const books = await checkBooks(ownerUrl, businessId);
      const jobs = await countEndedJobs(ownerUrl, businessId);
      return [
        compare('sales', sales, books.sales),
        compare('jobs declined or failed', 0, jobs.declined + jobs.failed),
        compare('faults in the books', 'none', books.faults.join('; ') || 'none'),
      ];
    },
  };
}

async function openThroughApi(
  context: ReplayContext & { readonly adminKey: string },
  spec: ShopSpec,
): Promise<ReplayShop> {
  const { edgeUrl } = context;
  const admin = createPosClient({ edgeUrl, apiKey: context.adminKey, patienceMs: PATIENCE_MS });
  const { apiKey, storeId, programId } = await setUp(admin, spec);
  admin.close();
  const client = createPosClient({ edgeUrl, apiKey, patienceMs: PATIENCE_MS });
  // Numbers for fiction (Ofcom) would not do for 23,000 customers; these belong to no country.
  const run = randomInt(10_000, 100_000);
  const phones = Array.from(
    { length: spec.customers },
    (_, i) => `+999${run}${String(i).padStart(6, '0')}`,
  );
  return {
    apiKey,
    storeId,
    customers: phones.map((phone) => ({ phone })),
    async readCards() {
      const states = new Map<string, { balance: number; rewards: number }>();
      await inParallel(phones, CONNECTIONS, async (phone) => {
        const { cards, rewards } = await client.lookup({ phone });
        const card = cards.find((held) => held.programId === programId);
        const own = rewards.filter((reward) => reward.cardId === card?.id);
        const balance = Math.floor(Number(card?.balance));
        states.set(phone, { balance, rewards: own.length });
      });
      return phones.map((phone) => states.get(phone) ?? { balance: Number.NaN, rewards: 0 });
    },
    async waitForJobs(jobIds, text) {
      let done = 0;
      await inParallel([...jobIds], CONNECTIONS, async (id) => {
        await client.waitForJob(id);
        done += 1;
        context.onProgress({ kind: 'part', text, done, total: jobIds.size });
      });
    },
    async checkBooks() {
      client.close();
      return [];
    },
  };
}

/** Adds everything that a shop needs, as its owner would. */
async function setUp(admin: PosClient, spec: ShopSpec) {
  type Resource = { id: string; revision: number; secret: string };

  async function send(method: string, path: string, body?: object, revision?: number) {
    const answer = await settled(admin, method, `/v1/admin/${path}`, {
      ...(body && { body }),
      headers: {
        'Idempotency-Key': randomUUID(),
        Prefer: 'wait=10',
        ...(revision !== undefined && { 'If-Match': `"${revision}"` }),
      },
    });
    if (answer.status !== 200 && answer.status !== 201) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body as Resource;
  }

  const business = await send('GET', 'business');
  await send('PATCH', 'business', { acceptPastDays: 36_500 }, business.revision);
  const { id: brandId } = await send('POST', 'brands', { name: spec.brand });
  const store = await send('POST', 'stores', { brandId, name: spec.store, zone: spec.zone });
  const { currency, zone } = spec;
  const { name, unit, definition } = spec.program;
  const program = await send('POST', 'programs', { brandId, name, unit, currency, zone });
  const path = `programs/${program.id}`;
  const drafted = await send('PUT', `${path}/draft`, { definition }, program.revision);
  const from = '1990-01-01T00:00:00Z';
  await send('POST', `${path}/publish`, { from }, drafted.revision);
  const { secret } = await send('POST', 'api-keys', {
    name: spec.name,
    // Of its own, so that the sales of two replays are not each other's repeats.
    integration: `replay-${randomUUID().slice(0, 8)}`,
    scopes: ['transactions:write', 'transactions:read', 'customers:read'],
    storeIds: [store.id],
  });
  return { apiKey: secret, storeId: store.id as `sto_${string}`, programId: program.id };
}
