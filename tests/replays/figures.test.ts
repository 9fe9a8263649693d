/** Real sales give the figures that others counted from them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import type { BusinessId } from '../../domain/values/ids.ts';
import { rebuildFigures } from '../../infra/postgres/analytics/rebuild.ts';
import { createFiguresReader } from '../../infra/postgres/analytics/reader.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { bookSales } from '../builders/ledger.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../database.ts';
import { openShop } from '../journeys/shop.ts';
import { hasData, inZone, readTable, readTruth, usualDataDir as dataDir } from './data.ts';

const TIMEOUT_MS = 600_000;
/** A cohort and a month are enough each time; `ALL_DATA=1` takes everything, in a minute. */
const isAll = process.env['ALL_DATA'] === '1';
const ZONE = 'America/New_York';

let database: TestDatabase;
let pools: { analytics: Pool; edge: Pool };

beforeAll(async () => {
  database = await createTestDatabase();
  pools = {
    analytics: createTestPool(database.analyticsUrl, { lookUpsOnly: true }),
    edge: createTestPool(database.edgeUrl, { sumsOnly: true }),
  };
});

afterAll(async () => {
  await Promise.all([pools.analytics.end(), pools.edge.end()]);
  await database.drop();
});

function guarantee(name: string, folder: string, run: () => Promise<void>): void {
  if (hasData(dataDir, folder)) test(name, run, TIMEOUT_MS);
  else test.skip(`${name} (skipped: no data)`, () => undefined);
}

/** Asks as an edge does. */
const read = <T>(
  businessId: BusinessId,
  work: (figures: ReturnType<typeof createFiguresReader>) => T,
) => inBusinesses([businessId], () => work(createFiguresReader(pools.edge)));

guarantee(
  'the cohort of January 1997, month by month, and the best customers',
  'cdnow',
  async () => {
    type Line = { customer: string; date: string; amount_cents: string };
    const lines = readTable<Line>(dataDir, 'cdnow', 'transactions.csv.gz');
    const names = [...new Set(lines.map(({ customer }) => customer))].toSorted();
    const shop = await openShop(database.ownerUrl, {
      currency: 'USD',
      zone: ZONE,
      stores: [{ name: 'Mail order', brand: 'CDs' }],
      customers: names.map((name) => ({ program: 'Stamps', name })),
    });
    const customers = new Map(names.map((name, i) => [name, shop.cards[i]!.customerId]));
    const { businessId } = shop;
    await bookSales(
      database.ownerUrl,
      businessId,
      lines.map(({ customer, date, amount_cents }) => ({
        storeId: shop.storeIds[0]!,
        customerId: customers.get(customer)!,
        occurredAt: inZone(`${date} 12:00:00`, ZONE),
        businessDate: date,
        currency: 'USD',
        total: Number(amount_cents),
      })),
    );
    expect(await rebuildFigures(pools.analytics, businessId)).toBe(lines.length);

    type Truth = {
      months: Record<string, { rows: number; spend_cents: number; customers: number }>;
      cohorts: Record<
        string,
        {
          size: number;
          active_customers_by_month_offset: number[];
          revenue_cents_by_month_offset: number[];
        }
      >;
      top20_customers_by_spend_cents: [string, number][];
      top20_customers_by_rows: [string, number][];
      repeat_purchase_days_histogram_0_to_7plus: Record<string, number>;
    };
    const truth = readTruth(dataDir, 'cdnow') as unknown as Truth;
    const all = {
      businessId,
      storeIds: null,
      currency: 'USD',
      from: '1997-01-01',
      to: '1998-06-30',
    };
    const cohorts = await read(businessId, (figures) =>
      figures.cohorts({ ...all, to: '1997-03-31' }, 18),
    );
    for (const [month, known] of Object.entries(truth.cohorts)) {
      if (!isAll && month !== '199701') continue;
      const found = cohorts.find((cohort) => cohort.month.replace('-', '') === month)!;
      const later = found.months.length;
      expect(found.size).toBe(known.size);
      expect(found.months.map(({ active }) => active)).toEqual(
        known.active_customers_by_month_offset.slice(0, later),
      );
      expect(found.months.map(({ net }) => net)).toEqual(
        known.revenue_cents_by_month_offset.slice(0, later),
      );
      expect(known.active_customers_by_month_offset.slice(later).every((n) => n === 0)).toBe(true);
    }

    const months = await read(businessId, (figures) => figures.series(all, 'month'));
    expect(
      months.map(({ start, sales, gross, activeMembers }) => ({
        [start.slice(0, 7).replace('-', '')]: {
          rows: sales,
          spend_cents: gross,
          customers: activeMembers,
        },
      })),
    ).toEqual(Object.entries(truth.months).map(([month, known]) => ({ [month]: known })));

    for (const [by, best] of [
      ['net', truth.top20_customers_by_spend_cents],
      ['visits', truth.top20_customers_by_rows],
    ] as const) {
      const found = await read(businessId, (figures) =>
        figures.topCustomers(all, { by, limit: 20 }),
      );
      const measure = by === 'net' ? 'net' : 'visits';
      expect(found.map((customer) => customer[measure])).toEqual(best.map(([, value]) => value));
      // Of equals the source names whom it likes.
      const distinct = best.filter(([, value]) => best.filter(([, v]) => v === value).length === 1);
      const places = distinct.map(([name]) => [best.findIndex(([n]) => n === name), name] as const);
      expect(places.slice(0, -1).map(([i]) => found[i]!.name)).toEqual(
        places.slice(0, -1).map(([, name]) => name),
      );
    }

    const { members } = await read(businessId, (figures) => figures.overview(all));
    const histogram = truth.repeat_purchase_days_histogram_0_to_7plus;
    expect(members).toEqual({
      active: names.length,
      repeat: names.length - histogram['0']!,
      new: names.length,
    });
  },
);

guarantee('every store, month and hour, and the weekdays', 'maven_coffee', async () => {
  type Line = {
    date: string;
    time: string;
    store_id: string;
    quantity: string;
    unit_price_cents: string;
  };
  const every = readTable<Line>(dataDir, 'maven_coffee', 'lines.csv.gz');
  const lines = every.filter(({ date }) => isAll || date < '2023-02');
  const places = readTable<{ store_id: string; location: string }>(
    dataDir,
    'maven_coffee',
    'stores.csv',
  );
  const shop = await openShop(database.ownerUrl, {
    currency: 'USD',
    zone: ZONE,
    stores: places.map(({ location }) => ({ name: location, brand: 'Maven' })),
    customers: [],
  });
  const { businessId } = shop;
  const stores = new Map(places.map(({ store_id }, i) => [store_id, shop.storeIds[i]!]));
  await bookSales(
    database.ownerUrl,
    businessId,
    lines.map((line) => ({
      storeId: stores.get(line.store_id)!,
      customerId: null,
      occurredAt: inZone(`${line.date} ${line.time}`, ZONE),
      businessDate: line.date,
      currency: 'USD',
      total: Number(line.quantity) * Number(line.unit_price_cents),
    })),
  );
  await rebuildFigures(pools.analytics, businessId);

  type Truth = {
    month_by_store: Record<string, Record<string, { lines: number; sales_cents: number }>>;
    lines_by_store_and_hour: Record<string, Record<string, number>>;
    weekday_sales_cents: Record<string, number>;
  };
  const truth = readTruth(dataDir, 'maven_coffee') as unknown as Truth;
  const period = { businessId, currency: 'USD', from: '2023-01-01', to: lines.at(-1)!.date };
  const hours: Truth['lines_by_store_and_hour'] = {};
  const months: Truth['month_by_store'] = {};
  const monthsAndHours = new Map<string, number>();
  for (const [i, { location, store_id }] of places.entries()) {
    const scope = { ...period, storeIds: [shop.storeIds[i]!] };
    for (const { start, sales, gross } of await read(businessId, (figures) =>
      figures.series(scope, 'month'),
    )) {
      const month = (months[start.slice(0, 7)] ??= {});
      month[location] = { lines: sales, sales_cents: gross };
      const to = `${start.slice(0, 8)}${new Date(Date.UTC(2023, Number(start.slice(5, 7)), 0)).getUTCDate()}`;
      const cells = await read(businessId, (figures) =>
        figures.heat({ ...scope, from: start, to }),
      );
      const byHour = (hours[location] ??= {});
      for (const cell of cells) {
        const hour = String(cell.hour).padStart(2, '0');
        byHour[hour] = (byHour[hour] ?? 0) + cell.sales;
        const key = `${store_id} ${start.slice(0, 7)} ${hour}`;
        monthsAndHours.set(key, (monthsAndHours.get(key) ?? 0) + cell.sales);
      }
    }
  }
  const { '2023-01': january } = truth.month_by_store;
  expect(months).toEqual(isAll ? truth.month_by_store : { '2023-01': january });
  if (isAll) expect(hours).toEqual(truth.lines_by_store_and_hour);
  const counted = Map.groupBy(
    lines,
    ({ store_id, date, time }) => `${store_id} ${date.slice(0, 7)} ${time.slice(0, 2)}`,
  );
  expect(Object.fromEntries(monthsAndHours)).toEqual(
    Object.fromEntries([...counted].map(([key, own]) => [key, own.length])),
  );
  if (!isAll) return;

  const heat = await read(businessId, (figures) => figures.heat({ ...period, storeIds: null }));
  const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const bySum = weekdays.map((name, i) => [
    name,
    heat.filter((cell) => cell.weekday === i + 1).reduce((sum, { gross }) => sum + gross, 0),
  ]);
  expect(Object.fromEntries(bySum)).toEqual(truth.weekday_sales_cents);
});
