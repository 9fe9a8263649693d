import { type SeededBusiness, seedBusiness } from '../../infra/local/seed-business.ts';
import { checkBooks } from '../ledger-check.ts';
import { createPosClient, type Sale } from '../pos-client.ts';
import { inZone, readTable, readTruth } from './data.ts';
import { compare, type Report, type Row } from './report.ts';
import { inParallel, readCards, type ReplayContext, waitForJobs } from './site.ts';

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
  const business = await seed(context.ownerUrl, customers.length);
  const codes = new Map(customers.map((customer, i) => [customer, business.cards[i]?.code ?? '']));
  const [storeId = 'sto_'] = business.storeIds;
  // The source has no ids: the line's number is one.
  const sales = purchases.map(({ customer, date, amount_cents }, i): Sale => ({
    externalId: String(i + 1),
    storeId,
    occurredAt: inZone(`${date} 12:00:00`, ZONE),
    customer: { cardCode: codes.get(customer) ?? '' },
    currency: 'USD',
    total: Number(amount_cents),
  }));
  const startedAtMs = Date.now();
  const refused = await post(context, business, sales);
  const seconds = (Date.now() - startedAtMs) / 1_000;
  const rows = [
    compare('sales refused at the door', 0, refused),
    ...(await check(context, { business, purchases, codes })),
    ...(everyNth === 1 ? [await checkTotal(context, business)] : []),
  ];
  return { name: NAME, sales: sales.length, seconds, rows };
}

function seed(ownerUrl: string, customerCount: number): Promise<SeededBusiness> {
  const program = 'CD points';
  return seedBusiness(ownerUrl, {
    name: NAME,
    currency: 'USD',
    zone: ZONE,
    acceptPastDays: 36_500,
    stores: [{ name: 'Mail order', brand: 'CDs' }],
    programs: [
      {
        name: program,
        brand: 'CDs',
        unit: 'point',
        definition: {
          rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }],
          carryFractions: false,
        },
      },
    ],
    customers: Array.from({ length: customerCount }, () => ({ program })),
  });
}

/** Posts everything in batches and waits until every job has ended. */
async function post(
  context: ReplayContext,
  business: SeededBusiness,
  sales: readonly Sale[],
): Promise<number> {
  const { edgeUrl } = context;
  const { apiKey, businessId } = business;
  const client = createPosClient({ edgeUrl, apiKey, patienceMs: 180_000 });
  const starts = Array.from(
    { length: Math.ceil(sales.length / SALES_PER_POST) },
    (_, i) => i * SALES_PER_POST,
  );
  let refused = 0;
  let posted = 0;
  const text = `${NAME}, posted`;
  await inParallel(starts, POSTS_AT_ONCE, async (start) => {
    const entries = await client.postBatch(sales.slice(start, start + SALES_PER_POST));
    refused += entries.filter((entry) => entry.job === undefined).length;
    posted += entries.length;
    context.onProgress({ kind: 'part', text, done: posted, total: sales.length });
  }).finally(() => client.close());
  const count = sales.length - refused;
  await waitForJobs(context, { businessId, count, text: `${NAME}, judged` });
  return refused;
}

async function check(
  context: ReplayContext,
  replayed: {
    readonly business: SeededBusiness;
    readonly purchases: readonly Purchase[];
    readonly codes: ReadonlyMap<string, string>;
  },
): Promise<Row[]> {
  const { business, purchases, codes } = replayed;
  const cards = await readCards(context.ownerUrl, business.businessId);
  const books = await checkBooks(context.ownerUrl, business.businessId);
  const points = new Map<string, number>();
  for (const { customer, amount_cents } of purchases) {
    const earned = Math.floor(Number(amount_cents) / 100);
    points.set(customer, (points.get(customer) ?? 0) + earned);
  }
  const unlike = [...points].filter(
    ([customer, expected]) => cards.get(codes.get(customer) ?? '')?.balance !== expected,
  );
  return [
    compare('transactions', purchases.length, books.transactions),
    compare(
      'customers whose points differ',
      `0 of ${points.size}`,
      `${unlike.length} of ${cards.size}`,
    ),
    compare('faults in the books', 'none', books.faults.join('; ') || 'none'),
  ];
}

/** The published total of the whole data set. */
async function checkTotal(context: ReplayContext, business: SeededBusiness): Promise<Row> {
  const truth = readTruth(context.dataDir, FOLDER);
  const cards = await readCards(context.ownerUrl, business.businessId);
  const total = [...cards.values()].reduce((sum, card) => sum + card.balance, 0);
  return compare('points', truth['points_1_per_whole_dollar_floor_each_row'] ?? '', total);
}
