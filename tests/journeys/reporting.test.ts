/** From a sale at the till to a figure in an owner's report, through every process there is. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Kpi } from '../../domain/analytics/kpis.ts';
import { DAY_MS, localDate } from '../../domain/values/time.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createDueBusinesses } from '../../infra/postgres/due-businesses.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { createFileStore } from '../../infra/s3/file-store.ts';
import { aCommandMessage } from '../builders/messages.ts';
import { createTestPool } from '../database.ts';
import { createTestHandlers } from '../handlers.ts';
import { startTestS3, type TestS3 } from '../s3.ts';
import { startTestSqs, type TestSqs } from '../sqs.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { until } from '../until.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

const REPORTS = '/v1/admin/reports';
const key = () => ({ 'Idempotency-Key': randomUUID() });

type File = { name: string; bytes: number; url: string | null };
type Report = {
  id: string;
  isWeekly: boolean;
  storeId: string | null;
  period: { from: string; to: string };
  files: File[];
};

let s3: TestS3;
let sqs: TestSqs;
let issuer: TokenIssuer;
let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  [s3, sqs, issuer] = await Promise.all([startTestS3(), startTestSqs(), startTokenIssuer()]);
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay', 'functions'],
    env: { ...s3.env, ...sqs.env, ...issuer.env },
  });
  shop = await openShop(stack.database.ownerUrl, {
    customers: [{ program: 'Stamps', name: '<b>Ana</b>' }],
    stores: ['Baixa', 'Cais'].map((name) => ({ name, brand: 'Café Central' })),
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([s3?.stopAndForget(), sqs?.stopAndForget(), issuer?.stop()]);
});

const today = () => localDate(Date.now(), 'Europe/Lisbon');

async function make(over: object = {}): Promise<Report> {
  const from = localDate(Date.now() - 6 * DAY_MS, 'Europe/Lisbon');
  const asked = await api.post(
    REPORTS,
    { from, to: today(), ...over },
    { ...key(), Prefer: 'wait=0' },
  );
  expect(asked.status).toBe(202);
  const job = await api.endOf(asked.body.job.id);
  expect(job.status).toBe('completed');
  const { body } = await api.get<{ report: Report }>(`${REPORTS}/${job.id}`);
  return body.report;
}

async function text(report: Report, name: string): Promise<{ type: string | null; text: string }> {
  const answer = await fetch(report.files.find((file) => file.name === name)!.url!);
  expect(answer.status).toBe(200);
  return { type: answer.headers.get('content-type'), text: await answer.text() };
}

const bucketOf = (env: NodeJS.ProcessEnv) => ({
  bucket: env['S3_BUCKET']!,
  region: env['S3_REGION'] ?? 'eu-west-1',
  endpoint: env['S3_ENDPOINT'],
});

test('a sale is in the key figures a moment after it was posted', async () => {
  await api.record(shop.sale({ total: 1_250 }));
  await api.record(shop.sale({ total: 750, storeId: shop.storeIds[1]! }));
  const sales = await until('both are counted', async () => {
    const { body } = await api.get<{ kpis: Kpi[] }>('/v1/admin/analytics/summary');
    const value = (name: string) => body.kpis.find((kpi) => kpi.name === name)?.value;
    return value('sales') === 2 && value('netSales');
  });
  expect(sales).toBe(2_000);
});

describe('a report', () => {
  test('is a page to print and files that say the same as the API', async () => {
    const report = await make();
    const page = await text(report, 'report.html');
    expect(page.type).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('€20.00');
    expect(page.text).not.toContain('Ana');
    const { from, to } = report.period;
    for (const name of ['summary', 'timeseries', 'heatmap', 'cohorts', 'promotions']) {
      const { body } = await api.get(`/v1/admin/analytics/${name}?from=${from}&to=${to}`, {
        Accept: 'text/csv',
      });
      expect([name, (await text(report, `${name}.csv`)).text]).toEqual([name, body]);
    }
    const top = parse((await text(report, 'top-customers.csv')).text, {
      columns: true,
    }) as object[];
    expect(top).toMatchObject([{ customerId: shop.cards[0]!.customerId, netSales: '2000' }]);
    expect(Object.keys(top[0]!)).not.toContain('name');
  });

  test('of a store holds that store’s figures, and is for whoever answers for it', async () => {
    const report = await make({ storeId: shop.storeIds[1] });
    const whole = await make();
    const { text: page } = await text(report, 'report.html');
    expect(page).toContain('Café Central, Cais');
    expect(page).toContain('€7.50');
    expect(page).not.toContain('€20.00');

    const subject = randomUUID();
    await stack.database.query(
      `INSERT INTO business.staff (business_id, id, subject, name, role, store_ids)
       VALUES ($1, $2, $3, 'M', 'manager', ARRAY[$4::uuid])`,
      [toUuid(shop.businessId), toUuid(idSource.id('stf')), subject, toUuid(shop.storeIds[1]!)],
    );
    const manager = createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' }));
    const { body } = await manager.get<{ data: Report[] }>(REPORTS);
    expect(body.data.map(({ id }) => id)).toEqual([report.id]);
    expect((await manager.get(`${REPORTS}/${whole.id}`)).status).toBe(404);
    const asked = await manager.post(REPORTS, { from: today(), to: today() }, key());
    expect(asked.status).toBe(403);
  });

  test('has links until it expires, and is listed after', async () => {
    const { id } = await make();
    await stack.database.query(
      `UPDATE business.reports SET expires_at = now() WHERE business_id = $1 AND id = $2`,
      [toUuid(shop.businessId), toUuid(id as `job_${string}`)],
    );
    const { body } = await api.get<{ report: Report }>(`${REPORTS}/${id}`);
    expect(body.report.files.map(({ url }) => url)).toEqual(body.report.files.map(() => null));
    const { body: list } = await api.get<{ data: Report[] }>(`${REPORTS}?limit=1`);
    expect(list.data[0]!.id).toBe(id);
  });

  test.each([
    { from: '2025-01-01', to: '2026-01-02' },
    { from: '2026-01-02', to: '2026-01-01' },
    { from: '2026-02-30', to: '2026-03-01' },
    { from: '2026-02-01' },
  ])('is not made of %j', async (body) => {
    const answer = await api.post(REPORTS, body, key());
    expect(refusal(answer)).toEqual([422, 'validation-failed']);
  });
});

test('last week’s report is made by itself, once, on Monday morning where the business is', async () => {
  const pool = createTestPool(stack.database.workerUrl);
  try {
    const dueAt = createDueBusinesses(pool);
    const due = async (at: string) =>
      (await dueAt('make-weekly-report', Date.parse(at))).includes(shop.businessId);
    await stack.database.query(
      `INSERT INTO analytics.store_hours
       VALUES ($1, '2026-05-10', $2, 9, 'EUR', 1, 0, 0, 0, 500, 0, 0, 1, 500, 0)`,
      [toUuid(shop.businessId), toUuid(shop.storeIds[0]!)],
    );
    // Lisbon's summer is an hour ahead of UTC.
    expect(await due('2026-05-11T04:59:59Z')).toBe(false);
    expect(await due('2026-05-11T05:00:00Z')).toBe(true);
    expect(await due('2026-05-25T05:00:00Z')).toBe(false);

    const message = () =>
      aCommandMessage(shop, 'make-weekly-report', { at: '2026-05-11T05:00:00.000Z' });
    // Without a bucket nothing is made, and nothing fails.
    const without = createTestHandlers(pool)['make-weekly-report'];
    expect(await without([message()])).toMatchObject([{ result: { made: false } }]);
    const files = createFileStore({ ...bucketOf(s3.env), env: s3.env });
    const makeWeekly = createTestHandlers(pool, undefined, files)['make-weekly-report'];
    const made = await Promise.all([makeWeekly([message()]), makeWeekly([message()])]);
    const again = await makeWeekly([message()]);
    expect([...made, again].flat().map((outcome) => 'result' in outcome && outcome.result)).toEqual(
      expect.arrayContaining([{ made: true }, { made: false }, { made: false }]),
    );
    expect(await due('2026-05-11T06:00:00Z')).toBe(false);
    const { body } = await api.get<{ data: Report[] }>(REPORTS);
    const weekly = body.data.filter((report) => report.isWeekly);
    expect(weekly.map(({ period }) => period)).toEqual([{ from: '2026-05-04', to: '2026-05-10' }]);
    const { body: found } = await api.get<{ report: Report }>(`${REPORTS}/${weekly[0]!.id}`);
    expect((await text(found.report, 'report.html')).text).toContain('4 May 2026 to 10 May 2026');
  } finally {
    await pool.end();
  }
});
