/** A business takes along all that it owns, and moves in elsewhere. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { toUuid } from '../../infra/postgres/ids.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Job } from '../pos-client.ts';
import { startTestS3, type TestS3 } from '../s3.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let s3: TestS3;
let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  s3 = await startTestS3();
  stack = await startTestStack({ env: s3.env });
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, POINTS] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
  await s3.stopAndForget();
});

type Row = Record<string, string>;
type Linked = { files: { name: string; rows: number; bytes: number; url: string | null }[] };
const EXPORTS = '/v1/admin/exports';
const key = () => ({ 'Idempotency-Key': randomUUID() });

/** Everything the business owns, by file, and each file's text. */
async function takeAlong(from: Api): Promise<{ id: string; texts: Record<string, string> }> {
  const asked = await from.post(EXPORTS, undefined, key());
  expect(asked.status).toBe(202);
  const job = await from.endOf(asked.body.job.id);
  expect(job.status).toBe('completed');
  const { id } = (job.result as { export: { id: string } }).export;
  const { body } = await from.get<{ export: Linked }>(`${EXPORTS}/${id}`);
  const texts: Record<string, string> = {};
  for (const { name, bytes, url } of body.export.files) {
    const answer = await fetch(url!);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    texts[name] = await answer.text();
    expect(Buffer.byteLength(texts[name])).toBe(bytes);
  }
  return { id, texts };
}

const rowsOf = (text: string | undefined) => parse(text ?? '', { columns: true }) as Row[];

async function moveIn(into: Api, csv: string) {
  const sent = await into.send<{ job: Job }>('POST', '/v1/admin/imports', {
    text: csv,
    headers: { 'Content-Type': 'text/csv' },
  });
  expect(sent.status).toBe(202);
  return (await into.endOf(sent.body.job.id)).result as { import: object };
}

const addCustomer = async (body: object) => {
  const added = await api.post<{ customer: { id: string } }>('/v1/admin/customers', body, key());
  expect(added.status).toBe(201);
  return added.body.customer.id;
};

describe('an export', () => {
  test('holds every row of every table, and moves in elsewhere as it was', async () => {
    const [phone, email] = ['+351960000001', 'zoe@cafe.example'];
    const programIds = shop.programs.map((program) => program.id);
    await addCustomer({
      phone,
      name: '=HYPERLINK("http://evil.example")',
      tags: ['regular', 'vip'],
      externalIds: { crm: '-1' },
      consents: { emailMarketing: true, smsMarketing: false },
      programIds,
    });
    await addCustomer({ email, name: 'Zoë, "Z" Quick', birthday: '1990-02-28', locale: 'pt-PT' });
    const gone = await addCustomer({ phone: '+351960000009', name: 'Nobody' });
    await api.send('DELETE', `/v1/admin/customers/${gone}`, { headers: key() });
    const sale = await api.record(shop.sale({ customer: { phone }, total: 1_250 }));
    await api.record(shop.sale({ customer: { email } }));
    const { id, texts } = await takeAlong(api);

    for (const [table, file] of [
      ['customer.customers', 'customers.csv'],
      ['loyalty.cards', 'cards.csv'],
      ['loyalty.transactions', 'transactions.csv'],
      ['loyalty.postings', 'postings.csv'],
      ['loyalty.lots', 'lots.csv'],
      ['business.stores', 'stores.csv'],
      ['loyalty.program_versions', 'programs.csv'],
      ['business.audit_log', 'audit.csv'],
    ] as const) {
      const [held] = await stack.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} WHERE business_id = $1`,
        [toUuid(shop.businessId)],
      );
      // The export itself is written down after it was read.
      const since = table === 'business.audit_log' ? 1 : 0;
      expect([file, rowsOf(texts[file]).length]).toEqual([file, held!.n - since]);
    }
    const cards = rowsOf(texts['cards.csv']).filter(
      (card) => card['customerId'] === sale.customerId,
    );
    expect(cards.map(({ balance }) => balance)).toEqual(['1', '12.5']);
    const [first] = rowsOf(texts['transactions.csv']).filter((row) => row['id'] === sale.id);
    expect(JSON.parse(first!['outcome']!)).toMatchObject({ id: sale.id, cards: [{}, {}] });
    const explained = rowsOf(texts['explanations.csv']).filter(
      (row) => row['transactionId'] === sale.id,
    );
    expect(explained.map((row) => row['code'])).toEqual(expect.arrayContaining(['earned']));
    expect(rowsOf(texts['customers.csv']).map((row) => row['name'])).toEqual(
      expect.arrayContaining([`'=HYPERLINK("http://evil.example")`]),
    );
    const listed = await api.get<{ data: { id: string }[] }>(`${EXPORTS}?limit=1`);
    expect(listed.body.data).toMatchObject([{ id }]);

    const elsewhere = await openShop(stack.database.ownerUrl, {
      programs: [STAMPS, POINTS],
      customers: [],
    });
    const there = createApi(stack.edgeUrl, elsewhere.apiKey);
    const moved = await moveIn(there, texts['customers.csv']!);
    // The shop's first customer has a card and nothing to be known by.
    expect(moved).toMatchObject({ import: { created: 2, skipped: 1, failed: 1 } });
    const again = await takeAlong(there);
    const told = (text: string | undefined) =>
      rowsOf(text)
        .filter((row) => row['phone'] !== '' || row['email'] !== '')
        .map((row): Row => ({ ...row, id: '', createdAt: '' }))
        .toSorted((a, b) => (a['name']! < b['name']! ? -1 : 1));
    expect(told(again.texts['customers.csv'])).toEqual(told(texts['customers.csv']));
  });

  test('is the owner’s business alone, and of another business as if there were none', async () => {
    const { id } = await takeAlong(api);
    const other = await openShop(stack.database.ownerUrl);
    const theirs = createApi(stack.edgeUrl, other.apiKey);
    expect((await theirs.get(`${EXPORTS}/${id}`)).status).toBe(404);
    expect((await theirs.get<{ data: object[] }>(EXPORTS)).body.data).toEqual([]);
    const [line] = await stack.database.query(
      `SELECT action, outcome FROM business.audit_log WHERE job_id = $1`,
      [toUuid(id as `job_${string}`)],
    );
    expect(line).toEqual({ action: 'export-business', outcome: 'completed' });
  });

  test('gives no links once it has expired', async () => {
    const { id } = await takeAlong(api);
    await stack.database.query(
      `UPDATE business.exports SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [toUuid(id as `job_${string}`)],
    );
    const { body } = await api.get<{ export: Linked }>(`${EXPORTS}/${id}`);
    expect(body.export.files.every(({ url }) => url === null)).toBe(true);
  });
});

test('without a place for files, what needs one says so', async () => {
  const { url } = await stack.startEdge({ S3_BUCKET: undefined });
  const bare = createApi(url, shop.apiKey);
  const asked = await bare.post(EXPORTS, undefined, key());
  expect(asked.status).toBe(503);
});
