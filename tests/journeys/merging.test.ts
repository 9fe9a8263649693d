/** Two customers turn out to be one, and sometimes two after all. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { CustomerAtCounter } from '../pos-client.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;
let phones = 351_910_000_000;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker'] });
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, POINTS] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
});

const CUSTOMERS = '/v1/admin/customers';
const key = () => ({ 'Idempotency-Key': randomUUID() });
/** Beside sales of the same customers it takes its turn. */
const patient = { Prefer: 'wait=10' };

interface Person {
  id: string;
  phone: string;
  codes: Record<string, string>;
}

/** Somebody with cards in both programs, or in those named. */
async function enrol(over: object = {}, programs = shop.programs): Promise<Person> {
  const phone = `+${(phones += 1)}`;
  const body = { phone, programIds: programs.map((program) => program.id), ...over };
  const added = await api.post<{ customer: { id: string } }>(CUSTOMERS, body, key());
  expect(added.status).toBe(201);
  const { id } = added.body.customer;
  const cards = await cardsOf(id);
  return { id, phone, codes: Object.fromEntries(cards.map((c) => [c.programName, c.code])) };
}

interface Card {
  id: string;
  code: string;
  aliases: string[];
  programName: string;
  balance: number | string;
}

async function cardsOf(id: string): Promise<Card[]> {
  return (await api.get<{ data: Card[] }>(`${CUSTOMERS}/${id}/cards`)).body.data;
}

const balances = async (id: string) =>
  Object.fromEntries((await cardsOf(id)).map((card) => [card.programName, card.balance]));
const buy = (person: Person, total = 1_000) =>
  api.record(shop.sale({ customer: { customerId: person.id as `cus_${string}` }, total }));
const merge = (into: Person, from: Person, headers = key()) =>
  api.post<object>(
    `${CUSTOMERS}/${into.id}/merge`,
    { mergedId: from.id },
    { ...headers, ...patient },
  );
const unmerge = (from: Person) =>
  api.send<object>('POST', `${CUSTOMERS}/${from.id}/unmerge`, {
    headers: { ...key(), ...patient },
  });
const lookUp = async (query: string) =>
  (await api.get<CustomerAtCounter>(`/v1/pos/customers/lookup?${query}`)).body;

describe('merged customers', () => {
  test('have one card a program with both balances; old codes, phones and ids lead there', async () => {
    const [ana, twin] = [await enrol(), await enrol({ name: 'Ana', tags: ['vip'] })];
    await buy(ana);
    await buy(twin);
    await buy(twin);
    expect(await merge(ana, twin)).toMatchObject({
      status: 200,
      body: { customer: { id: ana.id, name: 'Ana', phone: ana.phone, tags: ['vip'] } },
    });
    expect(await balances(ana.id)).toEqual({ Stamps: 3, Points: '30' });
    expect(await balances(twin.id)).toEqual({});
    for (const customer of [
      { cardCode: twin.codes['Stamps']! },
      { phone: twin.phone },
      { customerId: twin.id as `cus_${string}` },
    ]) {
      const sale = await api.record(shop.sale({ customer }));
      expect([sale.customerId, sale.cards.length]).toEqual([ana.id, 2]);
    }
    expect(await balances(ana.id)).toEqual({ Stamps: 6, Points: '60' });
    const [stamps] = await cardsOf(ana.id);
    expect(stamps!.aliases).toEqual([twin.codes['Stamps']]);
    for (const query of [`cardCode=${twin.codes['Points']}`, `phone=%2B${twin.phone.slice(1)}`]) {
      expect((await lookUp(query)).customer.id).toBe(ana.id);
    }
  });

  test('that are merged again with the same key are merged once; merged away is merged away', async () => {
    const [ana, twin, third] = [await enrol(), await enrol(), await enrol()];
    await buy(twin);
    const headers = key();
    expect((await merge(ana, twin, headers)).status).toBe(200);
    expect((await merge(ana, twin, headers)).status).toBe(200);
    expect(await balances(ana.id)).toEqual({ Stamps: 1, Points: '10' });
    for (const [reply, code] of [
      [await merge(ana, twin), 'customer-merged'],
      [await merge(twin, third), 'customer-merged'],
      [await merge(ana, ana), 'same-customer'],
      [await unmerge(ana), 'not-merged'],
    ] as const) {
      expect(refusal(reply)).toEqual([422, code]);
    }
  });

  test('bring along whoever was merged into them before', async () => {
    const [a, b, c] = [await enrol(), await enrol(), await enrol()];
    for (const person of [a, b, c]) await buy(person);
    await merge(b, a);
    await merge(c, b);
    expect(await balances(c.id)).toEqual({ Stamps: 3, Points: '30' });
    const sale = await api.record(shop.sale({ customer: { cardCode: a.codes['Stamps']! } }));
    expect(sale.customerId).toBe(c.id);
    const early = await unmerge(a);
    expect(refusal(early)).toEqual([422, 'customer-merged']);
    expect((await unmerge(b)).status).toBe(200);
    expect((await unmerge(a)).status).toBe(200);
    for (const [person, stamps] of [
      [a, 1],
      [b, 1],
      [c, 2],
    ] as const) {
      expect((await balances(person.id))['Stamps']).toBe(stamps);
      expect((await lookUp(`cardCode=${person.codes['Stamps']}`)).customer.id).toBe(person.id);
    }
  });

  test('hand over cards of programs that the other one has not joined', async () => {
    const [stamps, points] = shop.programs;
    const [ana, twin] = [await enrol({}, [stamps!]), await enrol({}, [points!])];
    const ids = [...(await cardsOf(ana.id)), ...(await cardsOf(twin.id))].map((card) => card.id);
    await merge(ana, twin);
    expect((await cardsOf(ana.id)).map((card) => card.id)).toEqual(ids);
    await unmerge(twin);
    expect((await cardsOf(twin.id)).map((card) => card.id)).toEqual(ids.slice(1));
  });

  test('belong to one business; another’s customer looks like none', async () => {
    const stranger = await openShop(stack.database.ownerUrl);
    const [ana, foreign] = [
      await enrol(),
      { ...(await enrol()), id: stranger.cards[0]!.customerId },
    ];
    const reply = await merge(ana, foreign);
    expect(refusal(reply)).toEqual([422, 'unknown-customer']);
  });
});

describe('a merge taken back', () => {
  test('leaves both as they were, and what was earned since with the survivor', async () => {
    const contact = { email: 'two@example.com', externalIds: { crm: '9' } };
    const [ana, twin] = [
      await enrol(),
      await enrol({ ...contact, consents: { profiling: false } }),
    ];
    await buy(ana);
    await buy(twin, 555);
    const before = await api.get(`${CUSTOMERS}/${twin.id}`);
    await merge(ana, twin);
    await api.record(shop.sale({ customer: { cardCode: twin.codes['Stamps']! } }));
    expect((await unmerge(twin)).status).toBe(200);
    expect(await balances(twin.id)).toEqual({ Stamps: 1, Points: '5.55' });
    expect(await balances(ana.id)).toEqual({ Stamps: 2, Points: '20' });
    const after = await api.get<{ customer: object }>(`${CUSTOMERS}/${twin.id}`);
    const updatedAt = expect.any(String);
    expect(after.body.customer).toEqual({
      ...(before.body as { customer: object }).customer,
      updatedAt,
    });
    const sale = await api.record(shop.sale({ customer: { cardCode: twin.codes['Points']! } }));
    expect(sale.customerId).toBe(twin.id);
  });

  test('is refused once something that came with it was spent, and changes nothing then', async () => {
    const [ana, twin] = [await enrol(), await enrol()];
    for (let i = 0; i < 5; i += 1) await buy(twin);
    await merge(ana, twin);
    for (let i = 0; i < 5; i += 1) await buy(ana);
    // The tenth stamp minted a reward out of those that came along.
    expect((await balances(ana.id))['Stamps']).toBe(0);
    const refused = await unmerge(twin);
    expect(refusal(refused)).toEqual([422, 'already-spent']);
    expect((await balances(ana.id))['Points']).toBe('100');
  });

  test('is refused after 30 days', async () => {
    const [ana, twin] = [await enrol(), await enrol()];
    await merge(ana, twin);
    await stack.database.query(
      `UPDATE customer.merges SET merged_at = now() - interval '30 days 1 second'`,
    );
    const refused = await unmerge(twin);
    expect(refusal(refused)).toEqual([422, 'too-late-to-undo']);
  });
});

test('rewards of a merged card are used from the one that carries on, and go back with it', async () => {
  const [ana, twin] = [await enrol(), await enrol()];
  for (let i = 0; i < 10; i += 1) await buy(twin);
  await merge(ana, twin);
  const { rewards } = await lookUp(`cardCode=${ana.codes['Stamps']}`);
  expect(rewards).toHaveLength(1);
  await unmerge(twin);
  // What a customer holds is kept for reading, and forgotten a moment after it has changed.
  const held = async (person: Person) =>
    (await lookUp(`cardCode=${person.codes['Stamps']}`)).rewards.length;
  await until('the reward has gone back', async () => (await held(ana)) === 0);
  expect(await held(twin)).toBe(1);
});

test('sales that race with merges and their undoing are all counted, on whichever card stands', async () => {
  const [ana, twin] = [await enrol(), await enrol({}, [])];
  const sales = 60;
  const buying = Array.from({ length: sales }, async (_, i) => {
    const customer = [
      { customerId: ana.id as `cus_${string}` },
      { phone: twin.phone },
      { cardCode: ana.codes['Points']! },
    ][i % 3]!;
    return api.record(shop.sale({ customer, total: 100 }));
  });
  const merging = async () => {
    // Ends merged: for good once a coffee was minted out of stamps that came along.
    for (let i = 0; i < 6; i += 1) {
      expect((await merge(ana, twin)).status).toBe(200);
      const undone = await unmerge(twin);
      if (undone.status === 200) continue;
      expect(refusal(undone)).toEqual([422, 'already-spent']);
      return;
    }
    expect((await merge(ana, twin)).status).toBe(200);
  };
  const [recorded] = await Promise.all([Promise.all(buying), merging()]);
  expect(recorded).toHaveLength(sales);
  const late = await balances(ana.id);
  // Ten stamps are a coffee; what is left and what was minted are all the stamps there were.
  const { rewards } = await lookUp(`cardCode=${ana.codes['Stamps']}`);
  expect(Number(late['Stamps']) + 10 * rewards.length).toBe(sales);
  expect(Number(late['Points'])).toBe(sales);
  expect(await balances(twin.id)).toEqual({});
});

describe('a refund after a merge', () => {
  const refund = (saleId: string, how: object) =>
    api.post<{ refund: { cards: { cardId: string; debt: number | string }[] } }>(
      `/v1/pos/transactions/${saleId}/refunds`,
      { externalId: randomUUID(), occurredAt: new Date().toISOString(), ...how },
      { Prefer: 'wait=10' },
    );

  test('of what either had bought takes from the card that carries on, also after another merge', async () => {
    const [ana, twin, third] = [await enrol(), await enrol(), await enrol()];
    const sale = await buy(twin);
    const before = await refund(sale.id, { amount: 250 });
    expect(before.status).toBe(201);
    await merge(ana, twin);
    const during = await refund(sale.id, { amount: 250 });
    expect(during).toMatchObject({ status: 201 });
    expect(await balances(ana.id)).toEqual({ Stamps: 1, Points: '5' });
    await merge(third, ana);
    expect((await refund(sale.id, { full: true })).status).toBe(201);
    expect(await balances(third.id)).toEqual({ Stamps: 0, Points: '0' });
    const again = await refund(sale.id, { full: true });
    expect(refusal(again)).toEqual([422, 'nothing-left-to-refund']);
  });

  test('of what had been bought since leaves the merge to be taken back', async () => {
    const [ana, twin] = [await enrol(), await enrol()];
    await buy(twin);
    await merge(ana, twin);
    const sale = await buy(twin);
    await refund(sale.id, { full: true });
    expect((await unmerge(twin)).status).toBe(200);
    expect(await balances(twin.id)).toEqual({ Stamps: 1, Points: '10' });
    expect(await balances(ana.id)).toEqual({ Stamps: 0, Points: '0' });
  });

  test('taken back follows the sale to the card that it was for', async () => {
    const [ana, twin] = [await enrol(), await enrol()];
    const sale = await buy(twin);
    await merge(ana, twin);
    await unmerge(twin);
    expect((await refund(sale.id, { full: true })).status).toBe(201);
    expect(await balances(twin.id)).toEqual({ Stamps: 0, Points: '0' });
  });

  test('taken back follows a card that had come along, and went back with its stamps', async () => {
    const [ana, twin] = [await enrol({}, shop.programs.slice(1)), await enrol()];
    await merge(ana, twin);
    const sale = await buy(ana);
    await unmerge(twin);
    const before = { Stamps: 1, Points: '0' };
    expect([await balances(ana.id), await balances(twin.id)]).toEqual([{ Points: '10' }, before]);
    expect((await refund(sale.id, { full: true })).status).toBe(201);
    const after = { Stamps: 0, Points: '0' };
    expect([await balances(ana.id), await balances(twin.id)]).toEqual([{ Points: '0' }, after]);
  });
});
