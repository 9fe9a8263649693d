import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type SeededBusiness, seedBusiness } from '../../infra/local/seed-business.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { checkBooks, countEndedJobs } from '../ledger-check.ts';
import { expireWaitingRefunds } from '../maintenance.ts';
import { createPosClient, type PosClient, type Sale } from '../pos-client.ts';
import { inZone, readTable } from './data.ts';
import { postRefund } from './refunds.ts';
import { compare, type Report, type Row } from './report.ts';
import { shuffle } from './shuffle.ts';
import { inParallel, type ReplayContext, waitForJobs } from './site.ts';

const FOLDER = 'online_retail';
const ZONE = 'Europe/London';
const SALES_PER_POST = 50;
const POSTS_AT_ONCE = 4;
const REFUNDS_AT_ONCE = 40;
/** So much is posted before anything later is: refunds and sales of a window race each other. */
const WINDOW = 1_000;
const DAY_MS = 86_400_000;

type Line = {
  readonly invoice: string;
  readonly line: string;
  readonly stock_code: string;
  readonly quantity: string;
  readonly invoice_datetime: string;
  readonly unit_price_milli: string;
  readonly customer: string;
};

type RefundLine = {
  readonly cancellation: string;
  readonly cancellation_line: string;
  readonly datetime: string;
  readonly sale: string;
  readonly sale_line: string;
  readonly units: string;
};

type SaleEvent = { readonly at: string; readonly sale: Sale };
type RefundEvent = {
  readonly at: string;
  readonly saleExternalId: string;
  readonly refund: Parameters<typeof postRefund>[2];
};
type Events = {
  readonly customers: readonly string[];
  readonly sales: readonly SaleEvent[];
  readonly refunds: readonly RefundEvent[];
  /** Returns that no earlier sale explains. */
  readonly blind: readonly RefundEvent[];
};

/** Sales and the returns of their lines as they happened: what each customer keeps, to the point. */
export function replayOnlineRetail(context: ReplayContext, everyNth = 1): Promise<Report> {
  const asTheyHappened = (events: readonly (SaleEvent | RefundEvent)[]) =>
    events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return replay(context, { name: 'online-retail', everyNth, order: asTheyHappened });
}

/** The same in any order, refunds before their sales included. */
export function replayOnlineRetailShuffled(context: ReplayContext, everyNth = 1): Promise<Report> {
  return replay(context, { name: 'online-retail-shuffled', everyNth, order: shuffle });
}

/** @param how.everyNth leaves out all customers but those whose number it divides */
async function replay(
  context: ReplayContext,
  how: {
    name: string;
    everyNth: number;
    order: (events: readonly (SaleEvent | RefundEvent)[]) => (SaleEvent | RefundEvent)[];
  },
): Promise<Report> {
  const { name, everyNth, order } = how;
  const lines = readTable<Line>(context.dataDir, FOLDER, 'lines.csv.gz').filter(
    ({ customer }) => customer !== '' && Number(customer) % everyNth === 0,
  );
  const { business, codes } = await seed(context.ownerUrl, name, lines);
  const events = readEvents(context.dataDir, lines, { business, codes });
  const { sales, refunds, blind } = events;
  const client = createPosClient({
    edgeUrl: context.edgeUrl,
    apiKey: business.apiKey,
    patienceMs: 180_000,
  });
  const startedAtMs = Date.now();
  const { businessId } = business;
  try {
    await postAll(context, client, order([...sales, ...refunds, ...blind]), name);
    const count = sales.length + refunds.length;
    await waitForJobs(context, { businessId, count, text: `${name}, judged` });
    const waiting = await countWaiting(context.ownerUrl, businessId);
    await expireWaitingRefunds(context.ownerUrl, businessId, Date.now() + 8 * DAY_MS);
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const rows = [
      compare('refunds that wait for a sale that never was', blind.length, waiting),
      ...(await checkPoints(context, { business, codes, events })),
      ...(await checkExceptions(context, { client, businessId, events })),
      ...(everyNth === 1 ? await checkTotals(context, business, events) : []),
    ];
    return { name, sales: sales.length, seconds, rows };
  } finally {
    client.close();
  }
}

async function seed(ownerUrl: string, name: string, lines: readonly Line[]) {
  const customers = [...new Set(lines.map(({ customer }) => customer))];
  const program = (carryFractions: boolean) => ({
    name: carryFractions ? 'Carry' : 'No carry',
    brand: 'Gifts',
    unit: 'point' as const,
    definition: { rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }], carryFractions },
  });
  const business = await seedBusiness(ownerUrl, {
    name,
    currency: 'GBP',
    zone: ZONE,
    acceptPastDays: 36_500,
    stores: [{ name: 'Wholesale', brand: 'Gifts' }],
    programs: [program(false), program(true)],
    // The second card is opened by the first sale.
    customers: customers.map(() => ({ program: 'No carry' })),
  });
  const codes = new Map(customers.map((customer, i) => [customer, business.cards[i]?.code ?? '']));
  return { business, codes };
}

function readEvents(
  dataDir: string,
  lines: readonly Line[],
  shop: { business: SeededBusiness; codes: ReadonlyMap<string, string> },
): Events {
  const [storeId = 'sto_'] = shop.business.storeIds;
  const bought = Map.groupBy(lines.filter(isSold), (line) => line.invoice);
  const customers = new Set<string>();
  const sales = [...bought].map(([invoice, sold]): SaleEvent => {
    const [first] = sold;
    if (!first) throw new Error(`${invoice} is empty`);
    customers.add(first.customer);
    const items = sold.map((line) => ({
      sku: line.stock_code,
      quantity: line.quantity,
      unitPrice: Number(line.unit_price_milli) / 10,
    }));
    return {
      at: first.invoice_datetime,
      sale: {
        externalId: invoice,
        storeId,
        occurredAt: inZone(`${first.invoice_datetime}:00`, ZONE),
        customer: { cardCode: shop.codes.get(first.customer) ?? '' },
        currency: 'GBP',
        total: items.reduce((sum, item) => sum + item.unitPrice * Number(item.quantity), 0),
        lines: items,
      },
    };
  });
  const returned = readTable<RefundLine>(dataDir, FOLDER, 'refund_lines.csv.gz').filter((line) =>
    bought.has(line.sale),
  );
  return {
    customers: [...customers],
    sales,
    refunds: toRefunds(returned, bought),
    blind: toBlindRefunds(lines, returned),
  };
}

/** A sale line with a customer, something bought and a price in whole pence. */
function isSold({ invoice, customer, quantity, unit_price_milli }: Line): boolean {
  const price = Number(unit_price_milli);
  return (
    !/^[CA]/.test(invoice) &&
    customer !== '' &&
    Number(quantity) > 0 &&
    price > 0 &&
    price % 10 === 0
  );
}

function toRefunds(
  returned: readonly RefundLine[],
  bought: ReadonlyMap<string, readonly Line[]>,
): RefundEvent[] {
  const grouped = Map.groupBy(returned, (line) => `${line.cancellation}/${line.sale}`);
  return [...grouped].map(([externalId, parts]) => {
    const [first] = parts;
    if (!first) throw new Error(`${externalId} is empty`);
    const sold = bought.get(first.sale) ?? [];
    return {
      at: first.datetime,
      saleExternalId: first.sale,
      refund: {
        externalId,
        occurredAt: inZone(`${first.datetime}:00`, ZONE),
        lines: parts.map((part) => ({
          line: sold.findIndex((line) => line.line === part.sale_line),
          quantity: part.units,
        })),
      },
    };
  });
}

function toBlindRefunds(lines: readonly Line[], returned: readonly RefundLine[]): RefundEvent[] {
  const explained = new Map<string, number>();
  for (const { cancellation, cancellation_line, units } of returned) {
    const key = `${cancellation}/${cancellation_line}`;
    explained.set(key, (explained.get(key) ?? 0) + Number(units));
  }
  return lines.flatMap((line): RefundEvent[] => {
    const key = `${line.invoice}/${line.line}`;
    const unexplained = -Number(line.quantity) - (explained.get(key) ?? 0);
    if (!line.invoice.startsWith('C') || unexplained <= 0) return [];
    return [
      {
        at: line.invoice_datetime,
        saleExternalId: `never sold ${key}`,
        refund: {
          externalId: `blind ${key}`,
          occurredAt: inZone(`${line.invoice_datetime}:00`, ZONE),
          full: true,
        },
      },
    ];
  });
}

async function postAll(
  context: ReplayContext,
  client: PosClient,
  events: readonly (SaleEvent | RefundEvent)[],
  name: string,
): Promise<void> {
  for (let start = 0; start < events.length; start += WINDOW) {
    const window = events.slice(start, start + WINDOW);
    const sales = window.flatMap((event) => ('sale' in event ? event.sale : []));
    const refunds = window.flatMap((event) => ('refund' in event ? event : []));
    const posts = Array.from({ length: Math.ceil(sales.length / SALES_PER_POST) }, (_, i) =>
      sales.slice(i * SALES_PER_POST, (i + 1) * SALES_PER_POST),
    );
    await Promise.all([
      inParallel(posts, POSTS_AT_ONCE, async (post) => {
        const entries = await client.postBatch(post);
        const refused = entries.find((entry) => entry.problem);
        if (refused) throw new Error(`a sale was refused: ${JSON.stringify(refused)}`);
      }),
      inParallel(refunds, REFUNDS_AT_ONCE, async ({ saleExternalId, refund }) => {
        await postRefund(client, saleExternalId, refund);
      }),
    ]);
    const done = start + window.length;
    context.onProgress({ kind: 'part', text: `${name}, posted`, done, total: events.length });
  }
}

type PointsRow = {
  readonly customer: string;
  readonly points_no_carry: string;
  readonly points_carry: string;
};

async function checkPoints(
  context: ReplayContext,
  replayed: {
    business: SeededBusiness;
    codes: ReadonlyMap<string, string>;
    events: Events;
  },
): Promise<Row[]> {
  const bought = new Set(replayed.events.customers);
  const truth = readTable<PointsRow>(context.dataDir, FOLDER, 'exact_refund_points.csv.gz').filter(
    ({ customer }) => bought.has(customer),
  );
  const points = await readPoints(context.ownerUrl, replayed.business);
  const unlike = (program: string, expected: (row: PointsRow) => string) =>
    truth.filter((row) => {
      const code = replayed.codes.get(row.customer) ?? '';
      return points.get(`${code} ${program}`) !== Number(expected(row));
    }).length;
  return [
    compare('customers', bought.size, truth.length),
    compare(
      'customers whose points differ, without carry',
      0,
      unlike('No carry', (row) => row.points_no_carry),
    ),
    compare(
      'customers whose points differ, with carry',
      0,
      unlike('Carry', (row) => row.points_carry),
    ),
  ];
}

/** Whole points by a customer's first card code and the program's name. */
async function readPoints(
  ownerUrl: string,
  { businessId }: SeededBusiness,
): Promise<ReadonlyMap<string, number>> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ key: string; points: number }>(
      `SELECT first.code || ' ' || p.name AS key,
              floor((c.balance - c.debt) / 1000000.0)::int AS points
         FROM loyalty.cards c
         JOIN loyalty.programs p ON p.business_id = c.business_id AND p.id = c.program_id
         JOIN loyalty.cards first ON first.business_id = c.business_id
          AND first.customer_id = c.customer_id
         JOIN loyalty.programs fp ON fp.business_id = c.business_id
          AND fp.id = first.program_id AND fp.name = 'No carry'
        WHERE c.business_id = $1`,
      [toUuid(businessId)],
    );
    return new Map(rows.map(({ key, points }) => [key, points]));
  } finally {
    await client.end();
  }
}

async function countWaiting(
  ownerUrl: string,
  businessId: SeededBusiness['businessId'],
): Promise<number> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM loyalty.waiting_refunds WHERE business_id = $1',
      [toUuid(businessId)],
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}

/** Every blind return is on the list, page by page, and nothing else. */
async function checkExceptions(
  context: ReplayContext,
  replayed: { client: PosClient; businessId: SeededBusiness['businessId']; events: Events },
): Promise<Row[]> {
  const { client, businessId, events } = replayed;
  type Page = {
    data: { kind: string; detail: { saleExternalId: string } }[];
    nextCursor: string | null;
  };
  const listed = new Set<string>();
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
    const path = `/v1/admin/exceptions?${query.toString()}`;
    const { body }: { body: Page } = await client.request<Page>('GET', path);
    for (const { kind, detail } of body.data) {
      if (kind === 'refund-without-sale') listed.add(detail.saleExternalId);
    }
    cursor = body.nextCursor;
  }
  const expected = events.blind.filter((event) => listed.has(event.saleExternalId)).length;
  const jobs = await countEndedJobs(context.ownerUrl, businessId);
  const books = await checkBooks(context.ownerUrl, businessId);
  return [
    compare('returns on the exceptions list', events.blind.length, expected),
    compare('exceptions', events.blind.length, listed.size),
    compare('jobs declined or failed', events.blind.length, jobs.declined + jobs.failed),
    compare('jobs completed', events.sales.length + events.refunds.length, jobs.completed),
    compare('faults in the books', 'none', books.faults.join('; ') || 'none'),
  ];
}

/** The published totals of the whole data set. */
async function checkTotals(
  context: ReplayContext,
  business: SeededBusiness,
  events: Events,
): Promise<Row[]> {
  const text = readFileSync(join(context.dataDir, FOLDER, 'exact_refund_truth.json'), 'utf8');
  const truth = JSON.parse(text) as Readonly<Record<string, number>>;
  const points = await readPoints(context.ownerUrl, business);
  const total = (program: string) =>
    [...points].reduce((sum, [key, value]) => (key.endsWith(` ${program}`) ? sum + value : sum), 0);
  return [
    compare('sales', truth['sales'] ?? '', events.sales.length),
    compare('refunds', truth['refunds'] ?? '', events.refunds.length),
    compare('blind returns', truth['lines_not_fully_traceable'] ?? '', events.blind.length),
    compare('points without carry', truth['points_no_carry'] ?? '', total('No carry')),
    compare('points with carry', truth['points_carry'] ?? '', total('Carry')),
  ];
}
