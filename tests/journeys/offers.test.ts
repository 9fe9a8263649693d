/** Customers receive challenges, and purchases complete them, in whatever order we hear of both. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { givenOfferSchema, offerSchema } from '../../edge/views/offer.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Sale } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, problemCode, withKey, refusal, toItsEnd } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

type Offer = z.output<typeof offerSchema>;
type GivenOffer = z.output<typeof givenOfferSchema>;

let stack: TestStack;
let shop: Shop;
let api: Api;

const CUSTOMERS = 40;
let nextCustomer = 0;
/** A customer whom no other test has touched. */
const aCustomer = () => shop.cards[nextCustomer++]!;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker', 'worker', 'relay'] });
  shop = await openShop(stack.database.ownerUrl, {
    programs: [POINTS, { ...STAMPS, enrolment: 'by-request' }],
    customers: Array.from({ length: CUSTOMERS }, () => ({ program: 'Points' })),
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
  }
});

const OFFERS = '/v1/admin/offers';
const HOUR_MS = 3_600_000;
const startMs = Date.now() - 10 * HOUR_MS;
const hour = (n: number) => new Date(startMs + n * HOUR_MS).toISOString();

const SPEND_20 = {
  name: 'Spend 20',
  kind: 'accumulate',
  thresholdMinor: 2_000,
  windowHours: 5,
  benefit: { kind: 'balance', amount: '7.5' },
};

async function addOffer(over: object = {}, program = 0): Promise<Offer> {
  const json = { programId: shop.programs[program]!.id, ...SPEND_20, ...over };
  const { status, body } = await api.post<Offer>(OFFERS, json, withKey());
  expect(status).toBe(201);
  return body;
}

const give = (offer: Offer, receiver: object, key?: string) =>
  api.post(`${OFFERS}/${offer.id}/instances`, receiver, withKey(key));

const buy = (
  customerId: `cus_${string}`,
  atHour: number,
  total: number,
  over: Partial<Sale> = {},
) => api.record(shop.sale({ customer: { customerId }, occurredAt: hour(atHour), total, ...over }));

async function offersOf(customerId: string): Promise<GivenOffer[]> {
  const path = `/v1/admin/customers/${customerId}/offers`;
  const { status, body } = await api.get<{ data: GivenOffer[] }>(path);
  expect(status).toBe(200);
  return body.data;
}

describe('an offer', () => {
  test('adds up purchases, gives its benefit once, and every sale says how far it is', async () => {
    const { customerId, code } = aCustomer();
    const offer = await addOffer();
    expect((await give(offer, { cardCode: code, receivedAt: hour(0) })).status).toBe(201);

    const first = await buy(customerId, 1, 500);
    expect(first.cards[0]).toMatchObject({ earned: '5', balance: '5' });
    expect(first.cards[0]?.explanation.at(-1)?.text).toBe('5.00 EUR of 20.00 EUR towards Spend 20');
    const second = await buy(customerId, 2, 1_500);
    expect(second.cards[0]).toMatchObject({
      earned: '15',
      balance: '27.5',
      offers: [{ name: 'Spend 20', step: 'completed', awardId: expect.stringMatching(/^txn_/) }],
    });
    expect(second.cards[0]?.explanation.at(-1)?.text).toBe('Spend 20 completed: 7.5 points');
    await buy(customerId, 3, 5_000);
    expect(await offersOf(customerId)).toMatchObject([
      { status: 'completed', completedBy: { transactionId: second.id }, completedAt: hour(2) },
    ]);
  });

  test('keeps its award and moves its completion when an earlier purchase comes late', async () => {
    const { customerId } = aCustomer();
    const offer = await addOffer({ kind: 'single', name: 'Big one' });
    await give(offer, { customerId, receivedAt: hour(0) });
    expect((await buy(customerId, 1, 2_000)).cards[0]?.offers).toMatchObject([
      { step: 'progress' },
    ]);
    const later = await buy(customerId, 4, 2_001);
    const earlier = await buy(customerId, 2, 2_001);
    expect(earlier.cards[0]?.offers).toMatchObject([{ step: 'moved', awardId: null }]);
    expect(await offersOf(customerId)).toMatchObject([
      {
        completedBy: { transactionId: earlier.id },
        awardId: later.cards[0]?.offers?.[0]?.awardId,
      },
    ]);
  });

  test('heard of after the purchases that complete it is complete when it is given', async () => {
    const { customerId } = aCustomer();
    const offer = await addOffer();
    await buy(customerId, 0, 1_999);
    const second = await buy(customerId, 5, 1);
    await buy(customerId, 6, 5_000);
    const given = await give(offer, { customerId, receivedAt: hour(0) });
    expect(given).toMatchObject({ status: 201, body: { instance: { completedAt: hour(5) } } });
    const lookup = await api.get<{ cards: object[] }>(
      `/v1/pos/customers/lookup?cardCode=${shop.cards.find((c) => c.customerId === customerId)!.code}`,
    );
    expect(lookup.body.cards).toMatchObject([{ balance: String(19.99 + 0.01 + 50 + 7.5) }]);
    expect(await offersOf(customerId)).toMatchObject([
      { completedBy: { transactionId: second.id } },
    ]);
  });

  test('may be a reward, and a card is opened for who has none in its program', async () => {
    const { customerId } = aCustomer();
    const reward = { kind: 'reward', name: 'Free cake', benefit: { kind: 'custom', text: 'Cake' } };
    const offer = await addOffer({ benefit: reward }, 1);
    await give(offer, { customerId, receivedAt: hour(0) });
    const { cards } = await buy(customerId, 1, 2_000);
    expect(cards.map((card) => card.offers?.[0]?.step)).toEqual([undefined, 'completed']);
    const { code } = shop.cards.find((card) => card.customerId === customerId)!;
    const { body } = await api.get<{ rewards: object[] }>(
      `/v1/pos/customers/lookup?cardCode=${code}`,
    );
    expect(body.rewards).toMatchObject([{ name: 'Free cake' }]);
  });

  test('is changed only for those who receive it later, and ended for new ones', async () => {
    const [before, after] = [aCustomer(), aCustomer()];
    const offer = await addOffer();
    await give(offer, { customerId: before.customerId, receivedAt: hour(0) });
    const path = `${OFFERS}/${offer.id}`;
    const json = { thresholdMinor: 5_000 };
    await api.send('PATCH', path, { json, headers: { 'If-Match': '"1"' } });
    await give(offer, { customerId: after.customerId, receivedAt: hour(0) });
    for (const { customerId } of [before, after]) await buy(customerId, 1, 2_000);
    expect((await offersOf(before.customerId))[0]?.status).toBe('completed');
    expect((await offersOf(after.customerId))[0]).toMatchObject({
      status: 'missed',
      progressMinor: 2_000,
      terms: { thresholdMinor: 5_000 },
    });
    await api.send('POST', `${path}/end`, { headers: { 'If-Match': '"2"', ...withKey() } });
    const late = await give(offer, { customerId: after.customerId });
    expect(refusal(late)).toEqual([422, 'offer-ended']);
    // By event time: received before it ended.
    expect((await give(offer, { customerId: after.customerId, receivedAt: hour(1) })).status).toBe(
      201,
    );
  });
});

describe('giving', () => {
  test('opens one for each time it is received, and none for a repeat', async () => {
    const { customerId } = aCustomer();
    const offer = await addOffer();
    const key = randomUUID();
    const receiver = { customerId, receivedAt: hour(0) };
    const once = await give(offer, receiver, key);
    expect((await give(offer, receiver, key)).body).toEqual(once.body);
    await give(offer, receiver);
    const told = { ...receiver, externalId: randomUUID() };
    const first = await give(offer, told);
    expect((await give(offer, told)).body).toEqual(first.body);
    const other = await give(offer, { ...told, receivedAt: hour(1) });
    expect(problemCode(other)).toBe('external-id-reused');
    expect(await offersOf(customerId)).toHaveLength(3);
  });

  test('to many tells of each what came of it', async () => {
    const { customerId } = aCustomer();
    const foreign = await openShop(stack.database.ownerUrl);
    const offer = await addOffer();
    const receivers = [
      { customerId, receivedAt: hour(0) },
      { cardCode: 'no-such-card' },
      { customerId: foreign.cards[0]!.customerId },
      { customerId, receivedAt: new Date(Date.now() + HOUR_MS).toISOString() },
    ];
    const given = await api.post(`${OFFERS}/${offer.id}/instances/batch`, { receivers }, withKey());
    expect(given).toMatchObject({
      status: 201,
      body: {
        entries: [
          { index: 0, instance: { customerId } },
          { refused: 'unknown-card' },
          { refused: 'unknown-customer' },
          { refused: 'occurred-in-future' },
        ],
      },
    });
  });

  test('a draft, or another business’s offer, is refused', async () => {
    const draft = await addOffer({ status: 'draft' });
    const { customerId } = aCustomer();
    expect(problemCode(await give(draft, { customerId }))).toBe('offer-not-live');
    const other = await openShop(stack.database.ownerUrl);
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    const path = `${OFFERS}/${draft.id}`;
    expect((await foreign.get(path)).status).toBe(404);
    const receiver = { customerId: other.cards[0]!.customerId };
    const given = await foreign.post(`${path}/instances`, receiver, withKey());
    expect(problemCode(given)).toBe('unknown-offer');
    const list = `/v1/admin/customers/${customerId}/offers`;
    expect((await foreign.get(list)).status).toBe(404);
  });

  test('and buying at the same moment never lose a purchase, whoever has a card or not', async () => {
    // In a program that opens no cards by itself: such a customer's sale locks no card.
    const stamps = await openShop(stack.database.ownerUrl, {
      programs: [{ ...STAMPS, enrolment: 'by-request' }],
      customers: Array.from({ length: 30 }, () => ({ program: 'Stamps' })),
    });
    const cardless = stamps.cards.slice(0, 20);
    await stack.database.query('DELETE FROM loyalty.cards WHERE id = ANY($1)', [
      cardless.map(({ id }) => toUuid(id)),
    ]);
    const till = createApi(stack.edgeUrl, stamps.apiKey);
    const json = {
      programId: stamps.programs[0]!.id,
      ...SPEND_20,
      benefit: { kind: 'balance', amount: '1' },
    };
    const { body: offer } = await till.post<Offer>(OFFERS, json, withKey());
    const giveAtOnce = (customerId: string) => {
      const key = withKey();
      const receiver = { customerId, receivedAt: hour(0) };
      return toItsEnd(till, () => till.post(`${OFFERS}/${offer.id}/instances`, receiver, key));
    };
    await Promise.all(
      stamps.cards.flatMap(({ customerId }) => [
        ...[1, 2].map((n) =>
          till.record(
            stamps.sale({ customer: { customerId }, occurredAt: hour(n), total: 1_000 }) as object,
          ),
        ),
        giveAtOnce(customerId),
      ]),
    );
    const paths = stamps.cards.map(({ customerId }) => `/v1/admin/customers/${customerId}/offers`);
    const found = await Promise.all(paths.map((path) => till.get<{ data: GivenOffer[] }>(path)));
    const states = found.flatMap(({ body }) =>
      body.data.map(({ status, progressMinor }) => `${status} ${progressMinor}`),
    );
    expect(states).toEqual(stamps.cards.map(() => 'completed 2000'));
  });
});

describe('a refund', () => {
  const refund = (saleId: string, body: object) =>
    api.post(
      `/v1/pos/transactions/${saleId}/refunds`,
      { externalId: randomUUID(), occurredAt: hour(9), ...body },
      { Prefer: 'wait=10' },
    );
  /** Waits for it: a till may see a card as it was for a moment. */
  const balanceIs = (code: string, balance: string, rewards = 0) =>
    until(`it holds ${balance} and ${rewards} rewards`, async () => {
      const path = `/v1/pos/customers/lookup?cardCode=${code}`;
      const { body } = await api.get<{ cards: { balance: string }[]; rewards: object[] }>(path);
      return body.cards[0]?.balance === balance && body.rewards.length === rewards;
    });

  test('hands a completion on to a later purchase, then takes it back with what it gave', async () => {
    const { customerId, code } = aCustomer();
    await give(await addOffer({ kind: 'single' }), { customerId, receivedAt: hour(0) });
    const sales = [await buy(customerId, 1, 2_001), await buy(customerId, 2, 2_001)];
    expect((await refund(sales[0]!.id, { amount: 1 })).status).toBe(201);
    expect(await offersOf(customerId)).toMatchObject([
      { completedBy: { transactionId: sales[1]!.id } },
    ]);
    await balanceIs(code, '47.51');
    expect((await refund(sales[1]!.id, { full: true })).status).toBe(201);
    expect(await offersOf(customerId)).toMatchObject([{ completedBy: null, awardId: null }]);
    await balanceIs(code, '20');
    await buy(customerId, 3, 2_001);
    await balanceIs(code, '47.51');
  });

  test('revokes the reward that an offer gave', async () => {
    const { customerId, code } = aCustomer();
    const reward = { kind: 'reward', name: 'Free cake', benefit: { kind: 'custom', text: 'Cake' } };
    await give(await addOffer({ benefit: reward }), { customerId, receivedAt: hour(0) });
    const sale = await buy(customerId, 1, 2_000);
    await balanceIs(code, '20', 1);
    await refund(sale.id, { full: true });
    await balanceIs(code, '0', 0);
  });

  test('that came before an offer was given leaves the refunded purchase out', async () => {
    const { customerId } = aCustomer();
    const sale = await buy(customerId, 1, 2_000);
    await refund(sale.id, { amount: 500 });
    await give(await addOffer(), { customerId, receivedAt: hour(0) });
    expect(await offersOf(customerId)).toMatchObject([{ completedAt: null, progressMinor: 1_500 }]);
  });
});

test('a preview says what a sale would complete, and keeps nothing', async () => {
  const { customerId } = aCustomer();
  await give(await addOffer(), { customerId, receivedAt: hour(0) });
  const sale = shop.sale({ customer: { customerId }, occurredAt: hour(1), total: 2_000 });
  const { body } = await api.post<{ transaction: { cards: { balance: string }[] } }>(
    '/v1/pos/transactions/preview',
    sale,
  );
  expect(body.transaction.cards[0]?.balance).toBe('27.5');
  expect((await offersOf(customerId))[0]?.progressMinor).toBe(0);
});
