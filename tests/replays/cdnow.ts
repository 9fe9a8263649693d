import { createPosClient, type Sale } from '../pos-client.ts';
import { inZone, readTable, readTruth } from './data.ts';
import { compare, type Report, type Row } from './report.ts';
import { openReplayShop, type ReplayShop } from './shop.ts';
import { inParallel, type ReplayContext } from './site.ts';

const FOLDER = 'cdnow';
const NAME = 'cdnow';
const ZONE = 'America/New_York';
const SALES_PER_POST = 250;
const POSTS_AT_ONCE = 4;

type Purchase = { readonly customer: string; readonly date: string; readonly amount_cents: string };

/**
 * A point per whole dollar of each purchase, fractions dropped: every customer's total.
 *
 * @param everyNth leaves out all customers but those whose number it divides, for a quicker run
 */
export async function replayCdnow(context: ReplayContext, everyNth = 1): Promise<Report> {
  const lines = readTable<Purchase>(context.dataDir, FOLDER, 'transactions.csv.gz');
  const purchases = lines.filter(({ customer }) => Number(customer) % everyNth === 0);
  const customers = [...new Set(purchases.map(({ customer }) => customer))];
  const shop = await openShop(context, customers.length);
  const references = new Map(customers.map((customer, i) => [customer, shop.customers[i]]));
  const { storeId } = shop;
  // The source has no ids: the line's number is one.
  const sales = purchases.map(({ customer, date, amount_cents }, i): Sale => ({
    externalId: String(i + 1),
    storeId,
    occurredAt: inZone(`${date} 12:00:00`, ZONE),
    customer: references.get(customer),
    currency: 'USD',
    total: Number(amount_cents),
  }));
  const startedAtMs = Date.now();
  const refused = await post(context, shop, sales);
  const seconds = (Date.now() - startedAtMs) / 1_000;
  const rows = [
    compare('sales refused at the door', 0, refused),
    ...(await check(context, { shop, purchases, customers, isAll: everyNth === 1 })),
    ...(await shop.checkBooks(purchases.length)),
  ];
  return { name: NAME, sales: sales.length, seconds, rows };
}

function openShop(context: ReplayContext, customers: number): Promise<ReplayShop> {
  return openReplayShop(context, {
    name: NAME,
    currency: 'USD',
    zone: ZONE,
    store: 'Mail order',
    brand: 'CDs',
    program: {
      name: 'CD points',
      unit: 'point',
      definition: {
        rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }],
        carryFractions: false,
      },
    },
    customers,
  });
}

/** Posts everything in batches and waits until every job has ended. */
async function post(
  context: ReplayContext,
  shop: ReplayShop,
  sales: readonly Sale[],
): Promise<number> {
  const { edgeUrl } = context;
  const { apiKey } = shop;
  const client = createPosClient({ edgeUrl, apiKey, patienceMs: 180_000 });
  const starts = Array.from(
    { length: Math.ceil(sales.length / SALES_PER_POST) },
    (_, i) => i * SALES_PER_POST,
  );
  const jobs = new Set<string>();
  let refused = 0;
  let posted = 0;
  const text = `${NAME}, posted`;
  await inParallel(starts, POSTS_AT_ONCE, async (start) => {
    const entries = await client.postBatch(sales.slice(start, start + SALES_PER_POST));
    refused += entries.filter((entry) => entry.job === undefined).length;
    for (const { job } of entries) if (job) jobs.add(job.id);
    posted += entries.length;
    context.onProgress({ kind: 'part', text, done: posted, total: sales.length });
  }).finally(() => client.close());
  await shop.waitForJobs(jobs, `${NAME}, judged`);
  return refused;
}

async function check(
  context: ReplayContext,
  replayed: {
    readonly shop: ReplayShop;
    readonly purchases: readonly Purchase[];
    readonly customers: readonly string[];
    readonly isAll: boolean;
  },
): Promise<Row[]> {
  const { shop, purchases, customers, isAll } = replayed;
  const cards = await shop.readCards();
  const points = new Map<string, number>();
  for (const { customer, amount_cents } of purchases) {
    const earned = Math.floor(Number(amount_cents) / 100);
    points.set(customer, (points.get(customer) ?? 0) + earned);
  }
  const unlike = customers.filter((customer, i) => cards[i]?.balance !== points.get(customer));
  const rows = [
    compare(
      'customers whose points differ',
      `0 of ${points.size}`,
      `${unlike.length} of ${cards.length}`,
    ),
  ];
  if (!isAll) return rows;
  // The published total of the whole data set.
  const truth = readTruth(context.dataDir, FOLDER);
  const total = cards.reduce((sum, card) => sum + card.balance, 0);
  const published = truth['points_1_per_whole_dollar_floor_each_row'] ?? '';
  return [...rows, compare('points', published, total)];
}
