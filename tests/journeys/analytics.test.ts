/** What an owner reads of their business is what the books come to. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Pool } from 'pg';
import type { Kpi } from '../../domain/analytics/kpis.ts';
import { DAY_MS } from '../../domain/values/time.ts';
import { checkFigures } from '../../infra/postgres/analytics/check.ts';
import { createFigures } from '../../infra/postgres/analytics/figures.ts';
import { rebuildFigures } from '../../infra/postgres/analytics/rebuild.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createAnalyticsHandler } from '../../workers/lambdas/analytics/handler.ts';
import { createCounter, openCafes } from '../builders/cafes.ts';
import { createTestPool } from '../database.ts';
import { deliver, outboxMessages } from '../figures.ts';
import { createTestHandlers } from '../handlers.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { type Api, createApi, refusal } from './api.ts';
import type { Shop } from './shop.ts';

const FIGURES = '/v1/admin/analytics';
const PERIOD = 'from=2026-05-01&to=2026-05-31';

let issuer: TokenIssuer;
let stack: TestStack;
let pools: { worker: Pool; analytics: Pool };
let counter: ReturnType<typeof createCounter>;
let count: ReturnType<typeof createAnalyticsHandler>;
let troubles: unknown[];

beforeAll(async () => {
  issuer = await startTokenIssuer();
  stack = await startTestStack({ processes: ['edge'], env: issuer.env });
  const { workerUrl, analyticsUrl } = stack.database;
  pools = {
    worker: createTestPool(workerUrl),
    analytics: createTestPool(analyticsUrl, { lookUpsOnly: true }),
  };
  counter = createCounter(createTestHandlers(pools.worker));
  count = createAnalyticsHandler({
    figures: createFigures(pools.analytics),
    onError: (error) => void troubles.push(error),
  });
  troubles = [];
});

afterAll(async () => {
  await Promise.all([pools.worker.end(), pools.analytics.end()]);
  await stack.stop();
  await issuer.stop();
});

/** A business date so many days ago; the cafés are near enough to UTC. */
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);

async function open(): Promise<{ shop: Shop; api: Api }> {
  const shop = await openCafes(stack.database.ownerUrl);
  return { shop, api: createApi(stack.edgeUrl, shop.apiKey) };
}

/** All facts that wait leave and are counted, as the function would. */
async function tell(shop: Shop): Promise<void> {
  expect(await deliver(count, await outboxMessages(stack.database, shop.businessId))).toEqual([]);
  expect(await checkFigures(pools.analytics, shop.businessId)).toEqual({
    differences: [],
    uncounted: 0,
  });
}

type Summary = { kpis: Kpi[]; programs: { name: string; kpis: Kpi[] }[] };

async function kpisOf(api: Api, query = PERIOD): Promise<Record<string, unknown>> {
  const { status, body } = await api.get<Summary>(`${FIGURES}/summary?${query}`);
  expect(status).toBe(200);
  return Object.fromEntries(body.kpis.map(({ name, value }) => [name, value]));
}

describe('the key figures', () => {
  test('of a period are the ledger’s, by the stores’ clocks, beside those of the period before', async () => {
    const { shop, api } = await open();
    await counter.sell(shop, '2026-04-30T23:59', { total: 700 });
    await counter.sell(shop, '2026-05-01T00:00', { total: 1_000 });
    await counter.sell(shop, '2026-05-01T00:01', { total: 500, who: null });
    const returned = await counter.sell(shop, '2026-05-10T10:00', { total: 2_000, who: 1 });
    const voided = await counter.sell(shop, '2026-05-11T10:00', { total: 900, who: 2 });
    await counter.sell(shop, '2026-05-31T23:59', { total: 300 });
    // In the bar it is the 31st until four.
    await counter.sell(shop, '2026-06-01T03:59', { total: 400, who: 1, store: 1 });
    await counter.sell(shop, '2026-06-01T04:00', { total: 9_900, store: 1 });
    await counter.refund(shop, returned, '2026-05-20T10:00', { amount: 500 });
    await counter.refund(shop, voided, '2026-06-02T10:00', { full: true });
    await tell(shop);

    const { body } = await api.get<Summary>(`${FIGURES}/summary?${PERIOD}`);
    const value = (name: string) => body.kpis.find((kpi) => kpi.name === name);
    const [ledger] = await stack.database.query<Record<string, number>>(
      `WITH sale AS (
         SELECT t.*, (receipt ->> 'total')::int AS total,
                EXISTS (SELECT FROM loyalty.transactions r WHERE r.business_id = t.business_id
                           AND r.original_id = t.id
                           AND (r.outcome #>> '{remaining,amount}')::int = 0) AS void
           FROM loyalty.transactions t
          WHERE t.business_id = $1 AND t.kind = 'purchase'
            AND t.business_date BETWEEN '2026-05-01' AND '2026-05-31')
       SELECT (SELECT count(*)::int FROM sale WHERE NOT void) AS sales,
              (SELECT sum(total)::int FROM sale) - (
                SELECT sum((outcome #>> '{refunded,amount}')::int) FROM loyalty.transactions
                 WHERE business_id = $1 AND kind = 'refund'
                   AND business_date BETWEEN '2026-05-01' AND '2026-05-31')::int AS net,
              (SELECT count(DISTINCT customer_id)::int FROM sale WHERE NOT void) AS active,
              (SELECT count(*)::int FROM (
                 SELECT FROM sale WHERE NOT void AND customer_id IS NOT NULL
                  GROUP BY customer_id HAVING count(DISTINCT business_date) > 1) r) AS repeat`,
      [toUuid(shop.businessId)],
    );
    expect(ledger).toEqual({ sales: 5, net: 4_600, active: 2, repeat: 2 });
    expect(value('sales')).toMatchObject({ value: 5, previous: 1, change: 4 });
    expect(value('netSales')).toMatchObject({ value: 4_600, previous: 700 });
    expect(value('refunds')).toMatchObject({ value: 500 });
    expect(value('activeMembers')).toMatchObject({ value: 2 });
    // The first had come before.
    expect(value('newMembers')).toMatchObject({ value: 1, previous: 1 });
    expect(value('repeatRate')).toMatchObject({ value: 1 });
    expect(value('memberShare')).toMatchObject({ value: 0.8 });
    expect(value('averageSale')).toMatchObject({ value: 920 });
    for (const { definition } of body.kpis) expect(definition).not.toBe('');
    // 22.00 € of the May sales with a customer, less the 5 that were refunded in May.
    const points = body.programs.find(({ name }) => name === 'Points')!;
    expect(points.kpis[0]).toMatchObject({ name: 'issued', value: '41' });
  });

  test('count a fact once and on its own day, however late, doubled or in whatever order', async () => {
    const { shop, api } = await open();
    const sale = await counter.sell(shop, '2026-05-03T10:00');
    await tell(shop);
    await counter.sell(shop, '2026-05-02T10:00', { total: 250 });
    await counter.refund(shop, sale, '2026-05-04T10:00', { amount: 100 });
    const facts = await outboxMessages(stack.database, shop.businessId);
    expect(await deliver(count, [...facts, ...facts.toReversed(), ...facts])).toEqual([]);
    await Promise.all([deliver(count, facts), deliver(count, facts.toReversed())]);
    await tell(shop);
    type Series = { points: { start: string; sales: number; netSales: number }[] };
    const { body } = await api.get<Series>(
      `${FIGURES}/timeseries?from=2026-05-01&to=2026-05-05&interval=day`,
    );
    expect(body.points.map(({ sales, netSales }) => [sales, netSales])).toEqual([
      [0, 0],
      [1, 250],
      [1, 1_000],
      [0, -100],
      [0, 0],
    ]);
  });

  test('follow people: merged they are one, a receipt claimed is theirs, and the erased are nobody’s best', async () => {
    const { shop, api } = await open();
    const [first, second, third] = shop.cards.map(({ customerId }) => customerId);
    await counter.sell(shop, `${day(5)}T10:00`, { total: 100 });
    await counter.sell(shop, `${day(4)}T10:00`, { total: 100, who: 1 });
    await counter.sell(shop, `${day(3)}T10:00`, { total: 700, who: 2 });
    const claimed = await counter.sell(shop, `${day(2)}T10:00`, { total: 300, who: null });
    await tell(shop);
    expect(await kpisOf(api, '')).toMatchObject({
      activeMembers: 3,
      repeatRate: 0,
      memberShare: 0.75,
    });

    await counter.send(shop, 'merge-customers', { survivorId: first!, mergedId: second! });
    const [receipt] = await stack.database.query<{ claim_code: string }>(
      'SELECT claim_code FROM loyalty.transactions WHERE business_id = $1 AND external_id = $2',
      [toUuid(shop.businessId), claimed],
    );
    await counter.send(shop, 'claim-receipt', {
      customerId: first!,
      claimCode: receipt!.claim_code,
    });
    await tell(shop);
    expect(await kpisOf(api, '')).toMatchObject({
      activeMembers: 2,
      repeatRate: 0.5,
      memberShare: 1,
    });
    type Top = { customers: { customerId: string; name: string; netSales: number }[] };
    const top = async () =>
      (await api.get<Top>(`${FIGURES}/top-customers`)).body.customers.map(
        ({ customerId, netSales }) => [customerId, netSales],
      );
    expect(await top()).toEqual([
      [third, 700],
      [first, 500],
    ]);

    await counter.send(shop, 'unmerge-customers', { mergedId: second! });
    await counter.send(shop, 'erase-customer', { customerId: third! });
    await tell(shop);
    expect(await kpisOf(api, '')).toMatchObject({ activeMembers: 3 });
    expect((await top()).map(([id]) => id)).toEqual([first, second]);
  });

  test('are told to whoever answers for a store of that store alone', async () => {
    const { shop, api } = await open();
    await counter.sell(shop, '2026-05-03T10:00', { total: 100 });
    await counter.sell(shop, '2026-05-03T10:00', { total: 5_000, store: 1, who: 1 });
    await tell(shop);
    const subject = randomUUID();
    await stack.database.query(
      `INSERT INTO business.staff (business_id, id, subject, name, role, store_ids)
       VALUES ($1, $2, $3, 'M', 'manager', ARRAY[$4::uuid])`,
      [toUuid(shop.businessId), toUuid(idSource.id('stf')), subject, toUuid(shop.storeIds[0]!)],
    );
    const manager = createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' }));
    expect(await kpisOf(manager)).toMatchObject({ netSales: 100, activeMembers: 1 });
    const elsewhere = `${PERIOD}&storeId=${shop.storeIds[1]}`;
    expect(await kpisOf(manager, elsewhere)).toMatchObject({ netSales: 0, activeMembers: 0 });
    expect(await kpisOf(api, elsewhere)).toMatchObject({ netSales: 5_000, activeMembers: 1 });
    for (const what of ['cohorts', 'heatmap', 'top-customers', 'promotions', 'timeseries']) {
      const { body } = await manager.get(`${FIGURES}/${what}?${elsewhere}`);
      // As a value: an id may have any digits in it.
      expect(JSON.stringify(body)).not.toMatch(/[:"]5000\b|"visits":1/);
    }
    const { body } = await manager.get<{ programs: { outstanding: unknown }[] }>(
      `${FIGURES}/liability?storeId=${shop.storeIds[1]}`,
    );
    expect(body.programs.map(({ outstanding }) => outstanding)).toEqual([0, '0']);
  });
});

describe('the figures', () => {
  let shop: Shop;
  let api: Api;

  beforeAll(async () => {
    ({ shop, api } = await open());
    await counter.sell(shop, '2026-05-05T08:30', { total: 1_000 });
    await counter.sell(shop, '2026-05-06T00:30', { total: 500, store: 1 });
    await counter.sell(shop, '2026-06-07T09:00', { total: 250 });
    await counter.send(shop, 'adjust-card', {
      cardId: shop.cards[1]!.id,
      amount: '10',
      reason: 'Opened with ten',
    });
    await counter.sell(shop, '2026-06-08T09:00', { who: 1 });
    await tell(shop);
  });

  test('say when people come, a bar’s small hours under the day they began on', async () => {
    type Heat = { cells: { weekday: number; hour: number; visits: number }[] };
    const { body } = await api.get<Heat>(`${FIGURES}/heatmap?${PERIOD}`);
    expect(body.cells.map(({ weekday, hour, visits }) => [weekday, hour, visits])).toEqual([
      [2, 0, 1],
      [2, 8, 1],
    ]);
  });

  test('say who came again', async () => {
    type Cohorts = { cohorts: { month: string; size: number; months: object[] }[] };
    const { body } = await api.get<Cohorts>(`${FIGURES}/cohorts?${PERIOD}`);
    expect(body.cohorts).toEqual([
      {
        month: '2026-05',
        size: 1,
        months: [
          { active: 1, share: 1, netSales: 1_500 },
          { active: 1, share: 1, netSales: 250 },
        ],
      },
    ]);
  });

  test('say what customers hold, and what it is worth', async () => {
    type Liability = {
      programs: { name: string; outstanding: unknown; value: unknown; byMonth: unknown[] }[];
      rewards: { name: string; rewards: number }[];
    };
    const { body } = await api.get<Liability>(`${FIGURES}/liability`);
    const [held] = await stack.database.query<{ stamps: number; points: number }>(
      `SELECT sum(balance) FILTER (WHERE p.unit = 'stamp')::int AS stamps,
              (sum(balance) FILTER (WHERE p.unit = 'point') / 1000000)::float8 AS points
         FROM loyalty.cards c JOIN loyalty.programs p
           ON p.business_id = c.business_id AND p.id = c.program_id
        WHERE c.business_id = $1`,
      [toUuid(shop.businessId)],
    );
    const [stamps, points] = body.programs;
    expect(stamps).toMatchObject({ outstanding: held!.stamps, value: null });
    expect(Number(points!.outstanding)).toBe(held!.points);
    expect(points!.value).toEqual({ amount: Math.floor(held!.points * 5), currency: 'EUR' });
    expect(body.rewards).toMatchObject([{ name: 'Free coffee', rewards: 1 }]);
  });

  test('come as CSV too, in which no cell is a formula', async () => {
    for (const what of [
      'summary',
      'timeseries',
      'cohorts',
      'heatmap',
      'top-customers',
      'liability',
      'promotions',
    ]) {
      const query = what === 'liability' ? '' : `?${PERIOD}`;
      const answer = await api.get<string>(`${FIGURES}/${what}${query}`, { Accept: 'text/csv' });
      expect([what, answer.status, answer.headers.get('content-type')]).toEqual([
        what,
        200,
        'text/csv; charset=utf-8',
      ]);
      const rows = parse(answer.body, { columns: true }) as Record<string, string>[];
      if (what !== 'promotions') expect(rows.length).toBeGreaterThan(0);
      if (what === 'top-customers') expect(rows[0]!['name']).toBe(`'=cmd()`);
    }
  });

  test.each([
    'from=2025-01-01&to=2026-01-02',
    'from=2026-02-02&to=2026-02-01',
    'from=2026-02-30',
    'from=yesterday',
    'from=2026-01-01&from=2026-01-02',
    'storeId=sto_x',
    'currency=euro',
    'nobody=knows',
  ])('are not asked for %s', async (query) => {
    for (const what of ['summary', 'cohorts', 'heatmap']) {
      const answer = await api.get(`${FIGURES}/${what}?${query}`);
      expect(refusal(answer)).toEqual([400, 'malformed-query']);
    }
  });

  test('take a year, leap or not, and 28 days where nobody says which', async () => {
    const year = await api.get(`${FIGURES}/summary?from=2024-01-01&to=2024-12-31`);
    expect(year.status).toBe(200);
    const { body } = await api.get<{ period: { from: string; to: string } }>(`${FIGURES}/heatmap`);
    const { from, to } = body.period;
    expect(Date.parse(to) - Date.parse(from)).toBe(27 * DAY_MS);
  });
});

describe('the function that counts', () => {
  test('puts poison aside and counts what stands beside it', async () => {
    const { shop, api } = await open();
    await counter.sell(shop, '2026-05-03T10:00');
    const [fact] = await outboxMessages(stack.database, shop.businessId);
    // As of a sale that the books do not have.
    const unknown = fact!.replaceAll(/txn_\w+/g, idSource.id('txn'));
    const Records = ['not json', '{"businessId":"biz_1","event":{"data":{}}}', unknown, fact!].map(
      (body, i) => ({ messageId: `m${i}`, body }),
    );
    const { batchItemFailures } = await count({ Records });
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual([
      'm0',
      'm1',
      'm2',
    ]);
    expect(await kpisOf(api)).toMatchObject({ sales: 1 });
  });

  test('has all figures come out the same when they are made anew, and a check that sees one changed', async () => {
    const { shop } = await open();
    const { businessId } = shop;
    const sale = await counter.sell(shop, '2026-05-03T10:00');
    await counter.sell(shop, '2026-05-04T10:00', { who: 1 });
    await counter.refund(shop, sale, '2026-05-05T10:00', { full: true });
    expect(await checkFigures(pools.analytics, businessId)).toMatchObject({ uncounted: 3 });
    expect(await rebuildFigures(pools.analytics, businessId)).toBe(3);
    await tell(shop);
    await stack.database.query(
      'UPDATE analytics.store_hours SET sales = sales + 1 WHERE business_id = $1',
      [toUuid(businessId)],
    );
    const { differences } = await checkFigures(pools.analytics, businessId);
    expect(differences.join('\n')).toMatch(/^sales, stamps by hand and refunds/);
    await rebuildFigures(pools.analytics, businessId);
    await tell(shop);
  });

  test('may neither read who people are nor touch the books', async () => {
    for (const statement of [
      'SELECT name FROM customer.customers',
      'SELECT phone FROM customer.customers',
      'SELECT FROM customer.external_ids',
      'SELECT FROM business.staff',
      `UPDATE loyalty.transactions SET receipt = '{}'`,
      'DELETE FROM loyalty.postings',
      'INSERT INTO loyalty.outbox DEFAULT VALUES',
    ]) {
      await expect(pools.analytics.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
