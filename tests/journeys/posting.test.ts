/** A sale's way from the till to the books and back, through real processes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { toUuid } from '../../infra/postgres/ids.ts';
import type { BatchEntry, CustomerAtCounter, Job, Sale } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, TRANSACTIONS, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(() => stack?.stop());

async function transactionsOf(externalId: string): Promise<{ id: string }[]> {
  return stack.database.query(
    'SELECT id FROM loyalty.transactions WHERE business_id = $1 AND external_id = $2',
    [toUuid(shop.businessId), externalId],
  );
}

describe('a posted sale', () => {
  test('is answered 202 with where to ask, and completes with an explanation', async () => {
    const sale = shop.sale();
    const { status, headers, body } = await api.post(TRANSACTIONS, sale);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/jobs/${body.job.id}`);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('cache-control')).toBe('no-store');

    const job = await api.endOf(body.job.id);
    expect(job).toMatchObject({ id: body.job.id, type: 'record-purchase', status: 'completed' });
    const transaction = job.result!.transaction!;
    expect(job.links['transaction']).toBe(`${TRANSACTIONS}/${transaction.id}`);
    expect(transaction).toMatchObject({
      externalId: sale.externalId,
      status: 'recorded',
      total: { amount: 1_000, currency: 'EUR' },
    });
    const [card] = transaction.cards;
    expect(card).toMatchObject({ cardId: shop.cards[0]!.id, earned: 1, capped: 0 });
    expect(card?.explanation.map((step) => step.code)).toEqual(
      expect.arrayContaining(['program-version', 'base', 'rule-matched', 'progress']),
    );
  });

  test('can be read by our id and by the till’s own, with the receipt as posted', async () => {
    const sale = shop.sale({ externalId: 'till 7/2026-11-22/ø & 1' });
    const { id } = await api.record(sale);
    const byId = await api.get(`${TRANSACTIONS}/${id}`);
    const byExternalId = await api.get(
      `${TRANSACTIONS}/${encodeURIComponent(`externalId:${sale.externalId}`)}`,
    );
    expect(byId.body).toEqual(byExternalId.body);
    expect(byId.body).toMatchObject({
      transaction: { id, receipt: { externalId: sale.externalId, total: 1_000 } },
    });
  });

  test('without a customer is recorded and earns nothing', async () => {
    const { customer: _, ...sale } = shop.sale();
    expect(await api.record(sale)).toMatchObject({
      customerId: null,
      cards: [],
      notes: ['no-customer'],
    });
  });

  test('on a card nobody has is declined as unknown-card, for good', async () => {
    const sale = shop.sale({ customer: { cardCode: 'no-such-card-0000' } });
    const job = await api.postSale(sale);
    expect(job).toMatchObject({ status: 'declined', problem: { status: 422 } });
    expect(job.problem?.type).toMatch(/\/unknown-card$/);
    expect(await api.postSale(sale)).toEqual(job);
    expect(await transactionsOf(sale.externalId)).toHaveLength(0);
  });

  test('more than five minutes ahead is declined; 31 days old is kept for review', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const ahead = await api.postSale(shop.sale({ occurredAt: at(10 * 60_000) }));
    expect(ahead.problem?.type).toMatch(/\/occurred-in-future$/);
    const old = await api.record(shop.sale({ occurredAt: at(-31 * 86_400_000) }));
    expect(old).toMatchObject({
      status: 'review',
      cards: [],
      notes: ['occurred-too-long-ago'],
    });
  });
});

describe('a client that waits', () => {
  test('gets 201 with the outcome and where it lies', async () => {
    const { status, headers, body } = await api.post<{ transaction: { id: string } }>(
      TRANSACTIONS,
      shop.sale(),
      { Prefer: 'wait=10' },
    );
    expect(status).toBe(201);
    expect(headers.get('preference-applied')).toBe('wait=10');
    expect(headers.get('location')).toBe(`${TRANSACTIONS}/${body.transaction.id}`);
  });

  test('gets the problem that declined it, with a link to the job', async () => {
    const sale = shop.sale({ customer: { cardCode: 'no-such-card-0000' } });
    const reply = await api.post(TRANSACTIONS, sale, { Prefer: 'wait=10' });
    expect(refusal(reply)).toEqual([422, 'unknown-card']);
    expect(reply.headers.get('link')).toMatch(/^<\/v1\/jobs\/job_\w{26}>; rel="job"$/);
  });

  test('gets the same answer when it asks again', async () => {
    const sale = shop.sale();
    const first = await api.post(TRANSACTIONS, sale, { Prefer: 'wait=10' });
    const second = await api.post(TRANSACTIONS, sale, { Prefer: 'wait=10' });
    expect([second.status, second.body]).toEqual([first.status, first.body]);
  });
});

describe('the same key', () => {
  test('worked example 7: same body ×100 in parallel → one transaction, 100 identical job ids', async () => {
    const sale = shop.sale();
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => api.post(TRANSACTIONS, sale)),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([202]));
    const ids = new Set(replies.map((reply) => reply.body.job.id));
    expect(ids.size).toBe(1);
    expect((await api.endOf([...ids][0]!)).status).toBe('completed');
    expect(await transactionsOf(sale.externalId)).toHaveLength(1);
  });

  test('with another total is refused, also when its claim has lapsed', async () => {
    const sale = shop.sale();
    const job = await api.postSale(sale);
    const other = { ...sale, total: 1_001 };
    const refused = await api.post(TRANSACTIONS, other);
    expect(refusal(refused)).toEqual([422, 'idempotency-key-reused']);

    const redis = new Redis(stack.redis.url);
    const forgotten = await redis.del(`${stack.redis.prefix}:claim:${job.id}`);
    redis.disconnect();
    expect(forgotten).toBe(1);
    const later = await api.post(TRANSACTIONS, other);
    expect(refusal(later)).toEqual([422, 'idempotency-key-reused']);
    expect(await api.postSale(sale)).toEqual(job);
    expect(await transactionsOf(sale.externalId)).toHaveLength(1);
  });

  test('may be written bare or quoted', async () => {
    const sale = shop.sale();
    const bare = await api.postSale(sale, { 'Idempotency-Key': 'a key of our own' });
    const quoted = await api.postSale(sale, { 'Idempotency-Key': '"a key of our own"' });
    expect(quoted).toEqual(bare);
  });

  test.each([
    ['empty', ''],
    ['quoted and empty', '""'],
    ['256 characters long', 'k'.repeat(256)],
    ['not ASCII', 'caf\u00e9'],
  ])('is refused when it is %s', async (_, key) => {
    const reply = await api.post(TRANSACTIONS, shop.sale(), { 'Idempotency-Key': key });
    expect(refusal(reply)).toEqual([400, 'malformed-header']);
  });

  test('of 255 characters is taken', async () => {
    const headers = { 'Idempotency-Key': 'k'.repeat(255) };
    expect((await api.post(TRANSACTIONS, shop.sale(), headers)).status).toBe(202);
  });
});

describe('two keys on one external id', () => {
  test('with the same body are one transaction', async () => {
    const sale = shop.sale();
    const first = await api.postSale(sale, { 'Idempotency-Key': 'one' });
    const second = await api.postSale(sale, { 'Idempotency-Key': 'two' });
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ status: 'completed', result: first.result });
    expect(await transactionsOf(sale.externalId)).toHaveLength(1);
  });

  test('with another body: the second is declined as external-id-reused', async () => {
    const sale = shop.sale();
    const first = await api.postSale(sale, { 'Idempotency-Key': 'three' });
    const second = await api.postSale({ ...sale, total: 1 }, { 'Idempotency-Key': 'four' });
    expect(first.status).toBe('completed');
    expect(second).toMatchObject({ status: 'declined', problem: { status: 409 } });
    expect(second.problem?.type).toMatch(/\/external-id-reused$/);
  });

  test('posted at the same moment still make one transaction', async () => {
    const sale = shop.sale();
    const jobs = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        api.postSale(sale, { 'Idempotency-Key': `race ${i} of ${sale.externalId}` }),
      ),
    );
    expect(new Set(jobs.map((job) => job.id)).size).toBe(20);
    expect(new Set(jobs.map((job) => job.result?.transaction?.id)).size).toBe(1);
    expect(await transactionsOf(sale.externalId)).toHaveLength(1);
  });
});

describe('worked examples', () => {
  test('5: double-points Tuesday in Lisbon, 23:30 local Tuesday posted on Wednesday → doubled', async () => {
    const promotions = [{ name: 'Double Tuesday', weekdays: [2], multiplier: '2' }];
    const double = await openShop(stack.database.ownerUrl, {
      acceptPastDays: 3_650,
      programs: [{ ...POINTS, definition: { ...POINTS.definition, promotions } }],
    });
    const lisbon = createApi(stack.edgeUrl, double.apiKey);
    // Summer time: 23:30 in Lisbon is 22:30 UTC; half past midnight in Lisbon is still Tuesday in UTC.
    const tuesday = await lisbon.record(double.sale({ occurredAt: '2026-06-02T23:30:00+01:00' }));
    const wednesday = await lisbon.record(double.sale({ occurredAt: '2026-06-03T00:30:00+01:00' }));
    expect(tuesday).toMatchObject({ businessDate: '2026-06-02', cards: [{ earned: '20' }] });
    expect(wednesday).toMatchObject({ businessDate: '2026-06-03', cards: [{ earned: '10' }] });
    expect(tuesday.cards[0]?.explanation.map((step) => step.code)).toContain('promotion');
  });

  test('10: card blocked → purchase is recorded, earns nothing, the outcome says card-blocked', async () => {
    const blocked = await openShop(stack.database.ownerUrl);
    await stack.database.query(
      `UPDATE loyalty.cards SET status = 'blocked' WHERE business_id = $1`,
      [toUuid(blocked.businessId)],
    );
    const till = createApi(stack.edgeUrl, blocked.apiKey);
    const transaction = await till.record(blocked.sale());
    expect(transaction).toMatchObject({
      status: 'recorded',
      cards: [{ earned: 0, balance: 0, explanation: [{ code: 'card-blocked' }] }],
    });
  });

  test('2: stamp card N=10, at 8, buys 5 coffees → one reward, new card at 3, one commit', async () => {
    const rules = [{ kind: 'perItem', amount: '1' }];
    const coffees = await openShop(stack.database.ownerUrl, {
      programs: [{ ...STAMPS, definition: { ...STAMPS.definition, rules } }],
    });
    const till = createApi(stack.edgeUrl, coffees.apiKey);
    const lines = (quantity: number): Partial<Sale> => ({
      total: 200 * quantity,
      lines: [{ sku: 'coffee', quantity: String(quantity), unitPrice: 200 }],
    });
    await till.record(coffees.sale(lines(8)));
    const { cards } = await till.record(coffees.sale(lines(5)));
    expect(cards).toMatchObject([
      { earned: 5, balance: 3, rewardsIssued: [{ name: 'Free coffee' }] },
    ]);
    const { body } = await till.get<CustomerAtCounter>(
      `/v1/pos/customers/lookup?cardCode=${coffees.cards[0]!.code}`,
    );
    expect(body.cards).toMatchObject([{ balance: 3 }]);
    expect(body.rewards).toMatchObject([{ id: cards[0]!.rewardsIssued[0]!.id }]);
  });
});

describe('a batch', () => {
  type Entries = { entries: (BatchEntry & { index: number })[] };

  test('answers line by line, in order: a bad line never blocks a good one', async () => {
    const good = [shop.sale(), shop.sale(), shop.sale()];
    const transactions = [
      good[0],
      { ...shop.sale(), total: -1 },
      good[1],
      null,
      { ...shop.sale(), storeId: 'sto_01jd7x0mh8e2rta5p3v0c2k9qz' },
      good[2],
      good[0],
      { ...good[1], total: 5 },
    ];
    const { status, body } = await api.post<Entries>(`${TRANSACTIONS}/batch`, { transactions });
    expect(status).toBe(202);
    expect(body.entries.map((entry) => entry.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.entries.map(({ problem }) => problem?.type.split('/').at(-1) ?? 'job')).toEqual([
      'job',
      'validation-failed',
      'job',
      'validation-failed',
      'unknown-store',
      'job',
      'job',
      'idempotency-key-reused',
    ]);
    expect(body.entries[6]?.job?.id).toBe(body.entries[0]?.job?.id);
    for (const { job } of body.entries) {
      if (job) expect((await api.endOf(job.id)).status).toBe('completed');
    }
    for (const sale of good) expect(await transactionsOf(sale.externalId)).toHaveLength(1);
  });

  test('and a single post of the same sale are one job', async () => {
    const sale = shop.sale();
    const { body } = await api.post<Entries>(`${TRANSACTIONS}/batch`, { transactions: [sale] });
    expect((await api.postSale(sale)).id).toBe(body.entries[0]?.job?.id);
  });

  test('takes 500 sales and refuses 501 and none', async () => {
    const sales = Array.from({ length: 500 }, () => shop.sale());
    const taken = await api.post<Entries>(`${TRANSACTIONS}/batch`, { transactions: sales });
    expect(taken.status).toBe(202);
    expect(taken.body.entries.every((entry) => entry.job)).toBe(true);
    const tooMany = await api.post(`${TRANSACTIONS}/batch`, {
      transactions: [...sales, shop.sale()],
    });
    const none = await api.post(`${TRANSACTIONS}/batch`, { transactions: [] });
    expect([tooMany.status, none.status]).toEqual([422, 422]);
    await Promise.all(taken.body.entries.map(({ job }) => api.endOf(job!.id)));
  });
});

describe('a preview', () => {
  test('agrees with what the sale then earns', async () => {
    const quiet = await openShop(stack.database.ownerUrl);
    const till = createApi(stack.edgeUrl, quiet.apiKey);
    const preview = async (sale: object) =>
      (await till.post<{ transaction: object }>(`${TRANSACTIONS}/preview`, sale)).body.transaction;
    for (const sale of [
      quiet.sale(),
      quiet.sale({ customer: { phone: '+351912000001' } }),
      quiet.sale({ customer: { customerId: quiet.cards[0]!.customerId } }),
    ]) {
      const foreseen = await preview(sale);
      const earned = await till.record(sale);
      expect(withoutIds(foreseen)).toEqual(withoutIds(earned));
    }
  });

  test('stores nothing, enrols nobody and leaves the external id free', async () => {
    const quiet = await openShop(stack.database.ownerUrl);
    const till = createApi(stack.edgeUrl, quiet.apiKey);
    const count = async () =>
      stack.database.query(
        `SELECT (SELECT count(*) FROM customer.customers WHERE business_id = $1) AS customers,
                (SELECT count(*) FROM loyalty.transactions WHERE business_id = $1) AS transactions,
                (SELECT count(*) FROM loyalty.jobs WHERE business_id = $1) AS jobs`,
        [toUuid(quiet.businessId)],
      );
    const before = await count();
    const sale = quiet.sale({ customer: { phone: '+351912000002' } });
    const reply = await till.post(`${TRANSACTIONS}/preview`, sale);
    expect(reply.status).toBe(200);
    expect(await count()).toEqual(before);
    expect(await till.record({ ...sale, total: 2_000 })).toMatchObject({ status: 'recorded' });
  });

  test('refuses what the sale would be refused for', async () => {
    const unknown = await api.post(
      `${TRANSACTIONS}/preview`,
      shop.sale({ customer: { cardCode: 'no-such-card-0000' } }),
    );
    expect(refusal(unknown)).toEqual([422, 'unknown-card']);
  });

  function withoutIds(transaction: object): unknown {
    const made = /^(txn|cus|crd|rwd)_/;
    return JSON.parse(
      JSON.stringify(transaction, (key, value: unknown) =>
        (typeof value === 'string' && made.test(value)) || key === 'code' ? key : value,
      ),
    );
  }
});

describe('the counter', () => {
  test('finds a customer by phone, by e-mail and by card code', async () => {
    const contacts = { phone: '+351912000003', email: 'ana@example.com' };
    const known = await openShop(stack.database.ownerUrl, {
      customers: [{ program: 'Stamps', name: 'Ana', ...contacts }],
    });
    const till = createApi(stack.edgeUrl, known.apiKey);
    await till.record(known.sale());
    const lookUp = async (query: string) =>
      (await till.get<CustomerAtCounter>(`/v1/pos/customers/lookup?${query}`)).body;
    const byCode = await lookUp(`cardCode=${known.cards[0]!.code}`);
    expect(byCode).toMatchObject({
      customer: { id: known.cards[0]!.customerId, name: 'Ana' },
      cards: [{ id: known.cards[0]!.id, balance: 1, status: 'active' }],
      rewards: [],
    });
    expect(await lookUp('phone=%2B351912000003')).toEqual(byCode);
    expect(await lookUp('email=Ana%40Example.com')).toEqual(byCode);
  });

  test('does not find another business’s customer', async () => {
    const elsewhere = await openShop(stack.database.ownerUrl, {
      customers: [{ program: 'Stamps', phone: '+351912000004' }],
    });
    for (const query of ['phone=%2B351912000004', `cardCode=${elsewhere.cards[0]!.code}`]) {
      const reply = await api.get(`/v1/pos/customers/lookup?${query}`);
      expect(refusal(reply)).toEqual([404, 'not-found']);
    }
  });

  test('enrols an unknown phone once, however many sales name it at the same moment', async () => {
    const customer = { phone: '+351912000005' };
    const jobs = await Promise.all(
      Array.from({ length: 20 }, () => api.postSale(shop.sale({ customer }))),
    );
    const customers = new Set(jobs.map((job: Job) => job.result?.transaction?.customerId));
    expect(customers.size).toBe(1);
    const { body } = await api.get<CustomerAtCounter>(
      '/v1/pos/customers/lookup?phone=%2B351912000005',
    );
    expect(body.customer.id).toBe([...customers][0]);
    expect(body.cards).toMatchObject([{ balance: 0 }]);
    expect(body.rewards).toHaveLength(2);
  });
});
