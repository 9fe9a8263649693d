/** A shop moves in, with its customers and what they have collected so far. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Job } from '../pos-client.ts';
import { startTestS3, type TestS3 } from '../s3.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { dumpRedis } from '../whereabouts.ts';
import { type Api, createApi, type Reply, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let s3: TestS3;
let stack: TestStack;
let shop: Shop;
let api: Api;
let phones = 351_950_000_000;

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

const IMPORTS = '/v1/admin/imports';
const aPhone = () => `+${(phones += 1)}`;
type Done = { import: { id: string } & Record<string, number | boolean> };
type Row = {
  row: number;
  status: string;
  customerId: string | null;
  problems: { column: string | null; code: string }[];
};

const send = (text: string | Uint8Array, headers: object = {}, query = '') =>
  api.send<{ job: Job } & ProblemLike>('POST', `${IMPORTS}${query}`, {
    text,
    headers: { 'Content-Type': 'text/csv', ...headers },
  });
type ProblemLike = { errors?: { pointer: string; code: string }[] };

/** Sends a file and waits for the end of its import. */
async function bring(lines: readonly string[], over: { query?: string; headers?: object } = {}) {
  const sent = await send(lines.join('\n'), over.headers, over.query);
  expect(sent.status).toBe(202);
  const job = await api.endOf(sent.body.job.id);
  expect(job.status).toBe('completed');
  return (job.result as Done).import;
}

const rowsOf = async (id: string, query = '') =>
  (await api.get<{ data: Row[]; nextCursor: string | null }>(`${IMPORTS}/${id}/rows?${query}`))
    .body;
const cardsOf = async (phone: string) => {
  const found = await api.get<{ cards: { programId: string; balance: number | string }[] }>(
    `/v1/pos/customers/lookup?phone=${encodeURIComponent(phone)}`,
  );
  return found.body.cards?.map(({ balance }) => balance);
};
const codesOf = ({ problems }: Row) => problems.map(({ column, code }) => [column, code]);
const countOf = async (table: string, where = 'true') =>
  (
    await stack.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${table} WHERE business_id = $1 AND ${where}`,
      [toUuid(shop.businessId)],
    )
  )[0]!.n;

describe('a file of customers', () => {
  test('brings them in with what they have collected, and the next sale goes on from there', async () => {
    const [ana, rui] = [aPhone(), aPhone()];
    const done = await bring([
      '\uFEFFname;phone;email;birthday;tags;externalId:crm;consent:emailMarketing;balance:Stamps;balance:Points',
      `Ana Dias;${ana};ana-${ana.slice(1)}@cafe.example;1990-02-28;vip regular;${randomUUID()};yes;9;12,5`,
      `"Rui ""Zé"" Sá";${rui};;;;;;3;`,
    ]);
    expect(done).toMatchObject({ created: 2, failed: 0, rows: 2 });
    expect(await cardsOf(ana)).toEqual([9, '12.5']);
    expect(await cardsOf(rui)).toEqual([3]);
    const found = await api.get<{ data: object[] }>(`/v1/admin/customers?name=ze`);
    expect(found.body.data).toMatchObject([{ name: 'Rui "Zé" Sá', phone: rui }]);
    const sale = await api.record(shop.sale({ customer: { phone: ana }, total: 200 }));
    expect(sale.cards).toMatchObject([
      { balance: 0, rewardsIssued: [{ name: 'Free coffee' }] },
      { balance: '14.5' },
    ]);
  });

  test('is told row by row; what is good goes in although the rest is not', async () => {
    const phone = aPhone();
    const done = await bring([
      'phone,email,name,balance:Stamps',
      `${phone},,=cmd(),2`,
      `12345,,Nobody,1`,
      `${aPhone()},not-an-email,Two faults,1.5`,
      `${aPhone()},,Ragged`,
      `,,No key,1`,
      `${aPhone()},,Below zero,-1`,
      `${aPhone()},,"Last",`,
    ]);
    expect(done).toMatchObject({ created: 2, failed: 5 });
    const failed = await rowsOf(done.id, 'status=failed');
    expect(failed.data.map((row) => [row.row, ...codesOf(row)])).toEqual([
      [3, ['phone', 'invalid-value']],
      [4, ['email', 'invalid-value'], ['balance:Stamps', 'invalid-value']],
      [5, [null, 'ragged-row']],
      [6, [null, 'row-without-key']],
      [7, ['balance:Stamps', 'invalid-value']],
    ]);
    const [stored] = await stack.database.query(
      'SELECT name FROM customer.customers WHERE phone = $1',
      [phone],
    );
    expect(stored).toEqual({ name: '=cmd()' });
    const csv = await api.send<string>('GET', `${IMPORTS}/${done.id}/rows?status=failed`, {
      headers: { Accept: 'text/csv' },
    });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(csv.body.trim().split('\r\n')).toHaveLength(1 + 6);
    const first = await rowsOf(done.id, 'limit=2');
    const second = await rowsOf(done.id, `limit=2&cursor=${first.nextCursor!}`);
    expect([...first.data, ...second.data].map(({ row }) => row)).toEqual([2, 3, 4, 5]);
  });

  test('sent twice is the same import and does nothing; with a key of its own it finds all known', async () => {
    const lines = ['phone,balance:Stamps', `${aPhone()},4`, `${aPhone()},5`];
    const first = await bring(lines);
    const before = await countOf('loyalty.transactions');
    expect((await bring(lines)).id).toBe(first.id);
    const again = await bring(lines, { headers: { 'Idempotency-Key': randomUUID() } });
    expect(again).toMatchObject({ created: 0, credited: 0, known: 2 });
    expect(again.id).not.toBe(first.id);
    expect(await countOf('loyalty.transactions')).toBe(before);
  });

  test('that grew adds only what is new, whichever key shows that somebody is known', async () => {
    const [phone, email, id] = [aPhone(), `${randomUUID()}@cafe.example`, randomUUID()];
    const header = 'externalId,phone,email,name,balance:Stamps';
    await bring([header, `${id},,,By id,`, `,${phone},,By phone,1`, `,,${email},By e-mail,2`]);
    const grown = await bring([
      header,
      `${id},${aPhone()},,By id,7`,
      `,${phone},,Another name,9`,
      `,,${email.toUpperCase()},By e-mail,2`,
      `,${aPhone()},,New,3`,
      `${randomUUID()},${phone},,A new id for a known phone,9`,
    ]);
    expect(grown).toMatchObject({ created: 1, credited: 1, known: 3, failed: 0 });
    expect(await cardsOf(phone)).toEqual([1]);
    const [row] = await stack.database.query(
      'SELECT name FROM customer.customers WHERE phone = $1',
      [phone],
    );
    expect(row).toEqual({ name: 'By phone' });
  });

  test('that mixes people up says so, and changes nobody', async () => {
    const [one, two] = [aPhone(), aPhone()];
    const [idOne, idTwo] = [randomUUID(), randomUUID()];
    const done = await bring([
      'externalId,phone,email',
      `${idOne},${one},one-${one.slice(1)}@cafe.example`,
      `${idTwo},${two},`,
      `${idOne},${two},`,
      `${randomUUID()},${one},`,
    ]);
    expect(done).toMatchObject({ created: 2, failed: 2 });
    const { data } = await rowsOf(done.id, 'status=failed');
    expect(data.flatMap(codesOf)).toEqual([
      [null, 'ambiguous-customer'],
      ['phone', 'phone-in-use'],
    ]);
  });

  test('checked in a dry run says the same and writes nothing', async () => {
    const before = [await countOf('customer.customers'), await countOf('loyalty.cards')];
    const lines = ['phone,balance:Points', `${aPhone()},1.25`, 'nonsense,1'];
    const dry = await bring(lines, { query: '?dryRun=true' });
    expect(dry).toMatchObject({ isDryRun: true, created: 1, failed: 1 });
    expect([await countOf('customer.customers'), await countOf('loyalty.cards')]).toEqual(before);
    expect(await bring(lines)).toMatchObject({ isDryRun: false, created: 1, failed: 1 });
  });

  test('is listed with its counts, and is in no queue, bucket or log once it is in', async () => {
    const [phone, name] = [aPhone(), `Canary ${randomUUID()}`];
    const done = await bring(['phone,name,balance:Stamps', `${phone},${name},1`]);
    const listed = await api.get<{ data: { id: string }[] }>(`${IMPORTS}?limit=1`);
    expect(listed.body.data).toMatchObject([{ id: done.id, status: 'completed', created: 1 }]);
    const one = await api.get(`${IMPORTS}/${done.id}`);
    expect(one.body).toMatchObject({ import: { id: done.id, rows: 1, rowsDone: 1 } });
    const everywhere = `${await dumpRedis(stack.redis)}\n${stack.logs()}`;
    expect(everywhere).not.toContain(phone.slice(1));
    expect(everywhere).not.toContain(name);
    // It goes when the import has been committed, which is when it can be seen to have ended.
    await until('the file is gone', () => s3.files().length === 0);
  });
});

describe('what is no file of customers', () => {
  const codeOf = async (answer: Promise<Reply>) => {
    const reply = await answer;
    return refusal(reply);
  };

  test('is refused before anything is queued', async () => {
    const utf16 = Buffer.from('\uFEFFphone\n+351912345678', 'utf16le');
    expect(await codeOf(send(utf16))).toEqual([415, 'unsupported-media-type']);
    expect(await codeOf(send(Buffer.from([0x70, 0xff, 0xfe])))).toEqual([
      415,
      'unsupported-media-type',
    ]);
    const json = { 'Content-Type': 'application/json' };
    expect(await codeOf(send('{}', json))).toEqual([415, 'unsupported-media-type']);
    const latin = { 'Content-Type': 'text/csv; charset=iso-8859-1' };
    expect(await codeOf(send('phone\n', latin))).toEqual([415, 'unsupported-media-type']);
    expect(await codeOf(send('\n\n'))).toEqual([422, 'file-malformed']);
    expect(await codeOf(send(''))).toEqual([400, 'body-required']);
  });

  test('of a million rows is too large', async () => {
    expect(await codeOf(send(`phone\n${'+351912345678\n'.repeat(1_000_000)}`))).toEqual([
      413,
      'payload-too-large',
    ]);
  });

  test('names each column that means nothing here', async () => {
    const reply = await send('phone,Phone,colour,balance:Nothing,consent:everything\n');
    expect(refusal(reply)).toEqual([422, 'file-malformed']);
    expect(reply.body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['Phone', 'duplicate-column'],
      ['colour', 'unknown-column'],
      ['balance:Nothing', 'unknown-program'],
      ['consent:everything', 'unknown-column'],
    ]);
    expect(await codeOf(send('name\nAna'))).toEqual([422, 'file-malformed']);
  });
});

test('an import of another business is as if there were none', async () => {
  const other = await openShop(stack.database.ownerUrl);
  const done = await bring(['phone', aPhone()]);
  const theirs = createApi(stack.edgeUrl, other.apiKey);
  expect((await theirs.get(`${IMPORTS}/${done.id}`)).status).toBe(404);
  expect((await theirs.get(`${IMPORTS}/${done.id}/rows`)).status).toBe(404);
  expect((await theirs.get<{ data: object[] }>(IMPORTS)).body.data).toEqual([]);
});

test('a worker that is killed in the middle of a file has lost nothing and doubled nothing', async () => {
  const rows = 3_000;
  const people = Array.from({ length: rows }, () => `${aPhone()},1`);
  const progress = async () =>
    (
      await stack.database.query<{ rows_done: number }>(
        'SELECT rows_done FROM business.imports WHERE id = $1',
        [toUuid(id as `job_${string}`)],
      )
    )[0]?.rows_done ?? 0;
  const somebody = new Client({ connectionString: stack.database.ownerUrl });
  await somebody.connect();
  let id = '';
  try {
    // Is just writing down the last of them: no worker is done with the file before it is killed.
    await somebody.query('BEGIN');
    await somebody.query(
      'INSERT INTO customer.customers (business_id, id, phone) VALUES ($1, $2, $3)',
      [toUuid(shop.businessId), toUuid(idSource.id('cus')), `+${phones}`],
    );
    const sent = await send(['phone,balance:Stamps', ...people].join('\n'));
    ({ id } = sent.body.job);
    await until('some rows are in', async () => (await progress()) >= 500);
    await stack.processes['worker']!.kill('SIGKILL');
  } finally {
    // And thinks better of it.
    await somebody.end();
  }
  expect(await progress()).toBeLessThan(rows);
  const shown = await api.get<Job>(`/v1/jobs/${id}`);
  expect(shown.body.finishedAt).toBeUndefined();
  await stack.processes['worker']!.start();
  const job = await until(
    'the import ends',
    async () => {
      const { body } = await api.get<Job>(`/v1/jobs/${id}?wait=5`);
      return body.finishedAt ? body : undefined;
    },
    { timeoutMs: 75_000 },
  );
  expect(job.result).toMatchObject({ import: { rows, created: rows, known: 0, failed: 0 } });
  const { data } = await rowsOf(id, 'status=created&limit=100');
  expect(data.map(({ row }) => row)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  const given = await countOf('loyalty.transactions', `receipt ->> 'importId' = '${id}'`);
  expect(given).toBe(rows);
}, 120_000);
