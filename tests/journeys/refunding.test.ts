/** Money goes back over the counter, and with it what the sale gave. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assertBooks } from '../ledger-check.ts';
import { expireWaitingRefunds } from '../maintenance.ts';
import type { Job } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, problemCode, TRANSACTIONS, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

type Refund = {
  id: string;
  transactionId: string;
  refunded: { amount: number };
  remaining: { amount: number };
  pointsReturned?: { amount: string; balance: string };
  cards: {
    cardId: string;
    unit: string;
    reversed: number | string;
    balance: number | string;
    debt: number | string;
    rewardsRevoked: { id: string; code: string }[];
    rewardsRestored: { id: string; code: string; expiresAt: string | null }[];
    explanation: { code: string }[];
  }[];
};

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker', 'worker', 'relay'] });
  const points = { ...POINTS, definition: { ...POINTS.definition, pointValueMinor: '10' } };
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, points] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
  }
});

const byName = (externalId: string) =>
  `${TRANSACTIONS}/${encodeURIComponent(`externalId:${externalId}`)}/refunds`;
const aRefund = (over: object) => ({
  externalId: `refund/${randomUUID()}`,
  occurredAt: new Date().toISOString(),
  ...over,
});
const waiting = { Prefer: 'wait=10' };

/** Posts a refund that must be recorded. */
async function refund(path: string, over: object): Promise<Refund> {
  const reply = await api.post<{ refund: Refund }>(path, aRefund(over), waiting);
  expect(reply).toMatchObject({ status: 201 });
  return reply.body.refund;
}

let phones = 351_930_000_000;
/** A sale by a customer with fresh cards. */
function aSale(over: object = {}) {
  const phone = `+${(phones += 1)}`;
  return shop.sale({ customer: { phone }, ...over });
}

describe('a refund', () => {
  test('that names no store is where the sale was, or where the one store of its key is', async () => {
    const key = () => ({ 'Idempotency-Key': randomUUID() });
    const stores = await api.get<{ data: { brandId: string }[] }>('/v1/admin/stores');
    const { brandId } = stores.body.data[0]!;
    const added = { brandId, name: 'Belém', zone: 'Europe/Lisbon' };
    const belem = await api.post<{ id: string }>('/v1/admin/stores', added, key());
    const of = { name: 'Till', integration: 'belem', scopes: ['transactions:write'] };
    const made = { ...of, storeIds: [belem.body.id] };
    const { body } = await api.post<{ secret: string }>('/v1/admin/api-keys', made, key());
    const till = createApi(stack.edgeUrl, body.secret);
    const sale = await api.record(aSale({ total: 2_000 }));
    const path = `${TRANSACTIONS}/${sale.id}/refunds`;
    const places = [];
    for (const by of [api, till]) {
      const reply = await by.post<{ refund: { storeId: string } }>(
        path,
        aRefund({ amount: 500 }),
        waiting,
      );
      places.push(reply.body.refund.storeId);
    }
    expect(places).toEqual([shop.storeIds[0], belem.body.id]);
    const elsewhere = await till.post(path, aRefund({ amount: 1, storeId: shop.storeIds[0]! }));
    expect([elsewhere.status, problemCode(elsewhere)]).toEqual([422, 'unknown-store']);
  });

  test('by amount, by our id or the till’s, takes back its part; a fifth of four is declined', async () => {
    const sale = aSale({ total: 2_000 });
    const recorded = await api.record(sale);
    const points = [];
    for (let i = 0; i < 4; i += 1) {
      const path = i % 2 === 0 ? `${TRANSACTIONS}/${recorded.id}/refunds` : byName(sale.externalId);
      const { cards, remaining } = await refund(path, { amount: 500, reason: 'Changed his mind' });
      points.push([cards.find((card) => card.unit === 'point')?.reversed, remaining.amount]);
    }
    expect(points).toEqual([
      ['5', 1_500],
      ['5', 1_000],
      ['5', 500],
      ['5', 0],
    ]);
    const fifth = await api.post(byName(sale.externalId), aRefund({ amount: 500 }), waiting);
    expect(refusal(fifth)).toEqual([422, 'nothing-left-to-refund']);
  });

  test('by line is shown with its sale, and the rest of the sale can be voided', async () => {
    const lines = [
      { sku: 'LATTE', quantity: '2', unitPrice: 450 },
      { sku: 'CAKE', unitPrice: 300 },
    ];
    const sale = aSale({ total: 1_200, lines });
    const { id } = await api.record(sale);
    const first = await refund(byName(sale.externalId), { lines: [{ line: 0, quantity: '1' }] });
    expect(first).toMatchObject({ refunded: { amount: 450 }, remaining: { amount: 750 } });
    const rest = await refund(`${TRANSACTIONS}/${id}/refunds`, { full: true });
    expect(rest).toMatchObject({ refunded: { amount: 750 }, remaining: { amount: 0 } });
    expect(rest.cards.map(({ balance, debt }) => [Number(balance), Number(debt)])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const shown = await api.get(`${TRANSACTIONS}/${id}`);
    expect(shown.body).toMatchObject({ transaction: { id, refunds: [first, rest] } });
  });

  test('sent again is the same refund; with another body it is refused and changes nothing', async () => {
    const sale = aSale();
    await api.record(sale);
    const body = aRefund({ amount: 300 });
    const first = await api.post<{ refund: Refund }>(byName(sale.externalId), body, waiting);
    expect(await api.post(byName(sale.externalId), body, waiting)).toMatchObject({
      status: 201,
      body: first.body,
    });
    const other = { ...body, amount: 400 };
    const keyed = await api.post(byName(sale.externalId), other, {
      ...waiting,
      'Idempotency-Key': randomUUID(),
    });
    expect(refusal(keyed)).toEqual([409, 'external-id-reused']);
    const reused = await api.post(byName(sale.externalId), other, waiting);
    expect(refusal(reused)).toEqual([422, 'idempotency-key-reused']);
  });

  test('revokes the reward that the sale completed, and the card owes nothing for it', async () => {
    const customer = { cardCode: shop.cards[0]!.code };
    for (let i = 0; i < 9; i += 1) await api.record(shop.sale({ customer }));
    const tenth = shop.sale({ customer });
    const { cards } = await api.record(tenth);
    const issued = cards.find((card) => card.unit === 'stamp')!.rewardsIssued;
    expect(issued).toHaveLength(1);
    const { cards: after } = await refund(byName(tenth.externalId), { full: true });
    const stamps = after.find((card) => card.unit === 'stamp')!;
    expect(stamps).toMatchObject({ reversed: 1, balance: 9, debt: 0 });
    expect(stamps.rewardsRevoked.map(({ code }) => code)).toEqual([issued[0]!.code]);
  });

  test('of a sale without a customer is recorded and moves nothing', async () => {
    const { customer: _, ...sale } = shop.sale();
    await api.record(sale);
    expect(await refund(byName(sale.externalId), { full: true })).toMatchObject({
      refunded: { amount: 1_000 },
      cards: [],
    });
  });

  test('must say how much in exactly one way, and not more than there is', async () => {
    const sale = aSale();
    await api.record(sale);
    for (const how of [{}, { amount: 1, full: true }, { amount: 0 }, { lines: [] }]) {
      const reply = await api.post(byName(sale.externalId), aRefund(how), waiting);
      expect([how, reply.status, problemCode(reply)]).toEqual([how, 422, 'validation-failed']);
    }
    const tooMuch = await api.post(byName(sale.externalId), aRefund({ amount: 1_001 }), waiting);
    expect(refusal(tooMuch)).toEqual([422, 'refund-exceeds-sale']);
    const line = { lines: [{ line: 0, quantity: '1' }] };
    const noLine = await api.post(byName(sale.externalId), aRefund(line), waiting);
    expect(refusal(noLine)).toEqual([422, 'unknown-line']);
  });

  test('of another business’s sale finds none', async () => {
    const sale = aSale();
    const { id } = await api.record(sale);
    const other = await openShop(stack.database.ownerUrl);
    const theirs = createApi(stack.edgeUrl, other.apiKey);
    const path = `${TRANSACTIONS}/${id}/refunds`;
    const reply = await theirs.post(path, aRefund({ full: true }), waiting);
    expect(refusal(reply)).toEqual([422, 'sale-not-found']);
  });
});

describe('a reward that a sale used', () => {
  const key = () => ({ 'Idempotency-Key': randomUUID() });
  let definitionId: string;

  beforeAll(async () => {
    const definition = {
      programId: shop.programs[0]!.id,
      name: 'Cookie',
      cost: '0',
      benefit: { kind: 'freeItem', description: 'Any cookie' },
      validForDays: 1,
    };
    const path = '/v1/admin/reward-definitions';
    const { body } = await api.post<{ id: string }>(path, definition, key());
    await api.send('POST', `${path}/${body.id}/publish`, { headers: { 'If-Match': '"1"' } });
    definitionId = body.id;
  });

  async function aReward(): Promise<string> {
    const path = `/v1/admin/cards/${shop.cards[0]!.id}/rewards`;
    const { body } = await api.post<{ reward: { code: string } }>(path, { definitionId }, key());
    return body.reward.code;
  }
  const lines = [
    { sku: 'LATTE', quantity: '2', unitPrice: 450 },
    { sku: 'COOKIE', unitPrice: 300 },
  ];
  const statusOf = async (code: string) =>
    (await api.get<{ reward: { status: string } }>(`/v1/pos/rewards/${code}`)).body.reward.status;
  const restoredBy = ({ cards }: Refund) => cards.flatMap((card) => card.rewardsRestored);

  test('comes back with the last part of the sale, once, with a week to live', async () => {
    const voucherCode = await aReward();
    const discounts = [{ amount: 300, voucherCode }];
    const sale = shop.sale({ total: 900, lines, discounts });
    await api.record(sale);
    expect(restoredBy(await refund(byName(sale.externalId), { amount: 500 }))).toEqual([]);
    expect(await statusOf(voucherCode)).toBe('redeemed');

    const twins = [aRefund({ amount: 400 }), aRefund({ full: true })].map((body) =>
      api.post<{ refund: Refund }>(byName(sale.externalId), body, waiting),
    );
    const replies = await Promise.all(twins);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201, 422]));
    const done = replies.find(({ status }) => status === 201)!.body.refund;
    const [restored, ...others] = restoredBy(done);
    expect(others).toEqual([]);
    const days = (Date.parse(restored!.expiresAt!) - Date.now()) / 86_400_000;
    expect([days >= 7, days < 8.1]).toEqual([true, true]);
    expect(await statusOf(voucherCode)).toBe('reversed');
    const { cards } = await api.record(
      shop.sale({ total: 900, lines, discounts: [{ amount: 300, voucherCode: restored!.code }] }),
    );
    expect(cards.length).toBeGreaterThan(0);
    expect(await statusOf(restored!.code)).toBe('redeemed');
  });

  test('comes back with its line, where the till says which that is', async () => {
    const voucherCode = await aReward();
    const discounts = [{ amount: 300, voucherCode, line: 1 }];
    const sale = shop.sale({ total: 900, lines, discounts });
    await api.record(sale);
    const latte = await refund(byName(sale.externalId), { lines: [{ line: 0, quantity: '1' }] });
    expect([latte.refunded.amount, restoredBy(latte)]).toEqual([450, []]);
    const cookie = await refund(byName(sale.externalId), { lines: [{ line: 1, quantity: '1' }] });
    expect([cookie.refunded.amount, restoredBy(cookie).length]).toEqual([0, 1]);
    expect(restoredBy(await refund(byName(sale.externalId), { full: true }))).toEqual([]);
  });

  test('comes back to its customer when the sale named nobody', async () => {
    const voucherCode = await aReward();
    const { customer: _, ...sale } = shop.sale({ discounts: [{ amount: 300, voucherCode }] });
    await api.record(sale);
    const { cards } = await refund(byName(sale.externalId), { full: true });
    expect(cards).toMatchObject([{ cardId: shop.cards[0]!.id, rewardsRestored: [{}] }]);
    const shown = await api.get(`/v1/pos/rewards/${cards[0]!.rewardsRestored[0]!.code}`);
    expect(shown.body).toMatchObject({ reward: { status: 'available' } });
  });

  test('cannot be for a line that costs less', async () => {
    const discounts = [{ amount: 301, voucherCode: await aReward(), line: 1 }];
    const reply = await api.post(TRANSACTIONS, shop.sale({ total: 899, lines, discounts }));
    expect(refusal(reply)).toEqual([422, 'receipt-mismatch']);
  });
});

test('points that paid for a sale come back with its parts, to the last one', async () => {
  const customer = { phone: '+351910000077' };
  await api.record(shop.sale({ customer, total: 2_000 }));
  // 20 points are worth 2 €; half of what is left earns.
  const sale = shop.sale({
    customer,
    total: 300,
    tenders: [
      { kind: 'points', amount: 150 },
      { kind: 'cash', amount: 150 },
    ],
  });
  const { cards } = await api.record(sale);
  expect(cards.find(({ unit }) => unit === 'point')).toMatchObject({
    earned: '1.5',
    balance: '6.5',
  });
  const returned: unknown[] = [];
  for (const amount of [100, 100, 100]) {
    const done = await refund(byName(sale.externalId), { amount });
    returned.push([done.pointsReturned?.amount, done.pointsReturned?.balance]);
  }
  expect(returned).toEqual([
    ['5', '11'],
    ['5', '15.5'],
    ['5', '20'],
  ]);
});

describe('a refund before its sale', () => {
  test('waits, and is settled with the sale', async () => {
    const sale = aSale();
    const early = await api.post<{ job: Job }>(
      byName(sale.externalId),
      aRefund({ amount: 400 }),
      waiting,
    );
    expect(early).toMatchObject({ status: 202, body: { job: { status: 'waiting' } } });
    const { id } = await api.record(sale);
    const job = await api.endOf(early.body.job.id);
    expect(job).toMatchObject({
      status: 'completed',
      result: { refund: { transactionId: id, remaining: { amount: 600 } } },
    });
  });

  test('posted with it at the same moment, forty times, never misses it', async () => {
    const pairs = Array.from({ length: 40 }, () => aSale());
    const ends = await Promise.all(
      pairs.map(async (sale, i) => {
        const postSale = () => api.post(TRANSACTIONS, sale);
        const postRefund = () => api.post(byName(sale.externalId), aRefund({ full: true }));
        const both = i % 2 === 0 ? [postRefund(), postSale()] : [postSale(), postRefund()];
        const replies = await Promise.all(both);
        const jobs = await Promise.all(replies.map(({ body }) => api.endOf(body.job.id)));
        return jobs.map(({ status }) => status);
      }),
    );
    expect(ends.flat().filter((status) => status !== 'completed')).toEqual([]);
    const [left] = await stack.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM loyalty.waiting_refunds',
    );
    expect(left?.count).toBe(0);
  });

  test('that never comes is put before somebody after its days, who settles it with a note', async () => {
    const body = aRefund({ full: true });
    const { job } = (await api.post(byName('never-rung-up'), body, waiting)).body;
    const inDays = (days: number) => Date.now() + days * 86_400_000;
    const { businessId } = shop;
    await expireWaitingRefunds(stack.database.ownerUrl, businessId, inDays(6.9));
    expect(await api.get(`/v1/jobs/${job.id}`)).toMatchObject({ body: { status: 'waiting' } });
    await expireWaitingRefunds(stack.database.ownerUrl, businessId, inDays(7.1));
    const ended = await api.endOf(job.id);
    expect(ended).toMatchObject({ status: 'declined' });
    expect(ended.problem?.type).toMatch(/sale-not-found$/);

    type List = { data: { id: string; kind: string; note: string | null }[] };
    const open = await api.get<List>('/v1/admin/exceptions');
    expect(open.body.data).toMatchObject([
      {
        kind: 'refund-without-sale',
        jobId: job.id,
        detail: { saleExternalId: 'never-rung-up', refund: { externalId: body.externalId } },
      },
    ]);
    const path = `/v1/admin/exceptions/${open.body.data[0]!.id}/settle`;
    const key = () => ({ 'Idempotency-Key': randomUUID() });
    const settled = await api.post(path, { note: 'Sold before we had tills' }, key());
    expect(settled.status).toBe(200);
    const again = await api.post(path, { note: 'Once more' }, key());
    expect(refusal(again)).toEqual([422, 'exception-settled']);
    expect((await api.get<List>('/v1/admin/exceptions')).body.data).toEqual([]);
    const all = await api.get<List>('/v1/admin/exceptions?status=settled');
    expect(all.body.data).toMatchObject([{ note: 'Sold before we had tills' }]);
  });

  test('is given up at once where the business waits no days', async () => {
    const other = await openShop(stack.database.ownerUrl);
    await stack.database.query(
      'UPDATE business.businesses SET refund_wait_days = 0 WHERE name = $1',
      ['Café Central'],
    );
    const theirs = createApi(stack.edgeUrl, other.apiKey);
    const reply = await theirs.post(byName('nowhere'), aRefund({ full: true }), waiting);
    expect(refusal(reply)).toEqual([422, 'sale-not-found']);
  });
});
