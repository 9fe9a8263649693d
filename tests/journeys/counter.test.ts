/** At the counter: codes that a phone makes or reads out, and staff who scan, stamp, redeem and undo. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shortCodeOf } from '../../domain/customers/short-code.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestCognito, type TestCognito } from '../cognito.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Transaction } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, withKey, refusal } from './api.ts';
import { type Card, createMembers, ME, type Members } from './members.ts';
import { openShop, type Shop } from './shop.ts';

let cognito: TestCognito;
let stack: TestStack;
let shop: Shop;
let till: Api;
let members: Members;

beforeAll(async () => {
  cognito = await startTestCognito();
  stack = await startTestStack({ env: { ...cognito.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' } });
  shop = await openShop(stack.database.ownerUrl);
  till = createApi(stack.edgeUrl, shop.apiKey);
  members = createMembers(stack, shop);
});

afterAll(async () => {
  try {
    await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack.stop();
    await cognito.stopAndForget();
  }
});

describe('a customer', () => {
  type Given = { qr: { key: string; cardCode: string; periodSeconds: number; code: string } };

  /** A phone that was given its key, and makes codes as the documentation says. */
  async function aPhone() {
    const guest = await members.aGuest();
    await members.join(guest);
    const card = await members.openCard(guest);
    const { body, headers } = await guest.get<Given>(`${ME}/cards/${card.id}/qr`);
    expect(headers.get('cache-control')).toBe('no-store');
    const { key, cardCode, periodSeconds, code } = body.qr;
    const codeAt = (time: number) => {
      const step = Math.floor(time / 1_000 / periodSeconds).toString(36);
      const mac = createHmac('sha256', Buffer.from(key, 'base64url'))
        .update(`${cardCode}.${step}`)
        .digest()
        .subarray(0, 12);
      return `${cardCode}.${step}.${mac.toString('base64url')}`;
    };
    return { card, codeAt, code };
  }

  const saleWith = (qr: string, over: object = {}) => shop.sale({ customer: { qr }, ...over });
  const post = (sale: object, by: Api = till) =>
    by.post('/v1/pos/transactions', sale, { Prefer: 'wait=10' });
  const refused = async (sale: object, by: Api = till) => refusal(await post(sale, by));

  test('and is sold to with it, once; sent again the sale is the same', async () => {
    const { code, codeAt } = await aPhone();
    expect([-30_000, 0].map((ms) => codeAt(Date.now() + ms))).toContain(code);
    const sale = saleWith(codeAt(Date.now()));
    const first = await post(sale);
    expect(first).toMatchObject({
      status: 201,
      body: { transaction: { cards: [{ earned: 1 }] } },
    });
    expect((await post(sale)).body).toEqual(first.body);
    const another = { ...sale, externalId: randomUUID() };
    expect(await refused(another)).toEqual([409, 'code-used']);
  });

  test('of which an old screenshot, a forgery and another shop’s are refused', async () => {
    const { codeAt } = await aPhone();
    const now = Date.now();
    expect(await refused(saleWith(codeAt(now - 90_000)))).toEqual([422, 'code-expired']);
    expect(await refused(saleWith(codeAt(now + 90_000)))).toEqual([422, 'code-expired']);
    const genuine = codeAt(now);
    const forged = `${genuine.slice(0, -4)}${genuine.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect(await refused(saleWith(forged))).toEqual([422, 'code-invalid']);
    expect(await refused(saleWith('not-a-code-of-any-kind'))).toEqual([422, 'code-invalid']);
    const elsewhere = await openShop(stack.database.ownerUrl);
    const stranger = createApi(stack.edgeUrl, elsewhere.apiKey);
    const theirs = { ...elsewhere.sale(), customer: { qr: genuine } };
    expect(await refused(theirs, stranger)).toEqual([404, 'not-found']);
  });

  test('whose sale an offline till may post later, as of when it was scanned', async () => {
    const { codeAt } = await aPhone();
    const scanned = Date.now() - 3_600_000;
    const occurredAt = new Date(scanned).toISOString();
    const late = await post(saleWith(codeAt(scanned), { occurredAt }));
    expect(late).toMatchObject({
      status: 201,
      body: { transaction: { cards: [{ earned: 1 }] } },
    });
  });

  test('by which a till finds them, and what it looked at it may sell to', async () => {
    const { card, codeAt } = await aPhone();
    const qr = codeAt(Date.now());
    const found = await till.get(`/v1/pos/customers/lookup?qr=${qr}`);
    expect(found).toMatchObject({ status: 200, body: { cards: [{ id: card.id }] } });
    const preview = await till.post('/v1/pos/transactions/preview', saleWith(qr));
    expect(preview).toMatchObject({ body: { transaction: { cards: [{ earned: 1 }] } } });
    expect((await post(saleWith(qr))).status).toBe(201);
  });
});

type Award = { id: string; amount: number; balance: number; rewardsIssued: { code: string }[] };

describe('staff at the counter', () => {
  const COUNTER = '/v1/admin/counter';
  let cashier: Api;
  let manager: Api;

  beforeAll(async () => {
    await members.invite('cashier', 'counter@cafe.example');
    await members.invite('manager', 'back-office@cafe.example');
    cashier = await members.aColleague('counter@cafe.example');
    manager = await members.aColleague('back-office@cafe.example');
  });

  const award = (by: Api, cardCode: string, stamps = 1) =>
    by.post<{ award: Award }>(
      `${COUNTER}/award`,
      { cardCode, storeId: shop.storeIds[0]!, stamps },
      withKey(),
    );
  const undo = (by: Api, transactionId: string, reason?: string) =>
    by.post<{ award: Award }>(
      `${COUNTER}/undo`,
      { transactionId, ...(reason && { reason }) },
      withKey(),
    );

  async function aCard(): Promise<{ guest: Api; card: Card }> {
    const guest = await members.aGuest();
    await members.join(guest, { name: 'A guest' });
    return { guest, card: await members.openCard(guest) };
  }

  test('scan a card, stamp it, and take a slip of the hand back', async () => {
    const { guest, card } = await aCard();
    const scanned = await cashier.post(`${COUNTER}/scan`, { cardCode: card.code });
    expect(scanned).toMatchObject({
      status: 200,
      body: { customer: { name: 'A guest' }, cards: [{ id: card.id, balance: 0 }] },
    });
    const first = await award(cashier, card.code, 2);
    expect(first).toMatchObject({ status: 201, body: { award: { amount: 2, balance: 2 } } });
    const undone = await undo(cashier, first.body.award.id);
    expect(undone).toMatchObject({ status: 201, body: { award: { amount: -2, balance: 0 } } });
    const again = await undo(cashier, first.body.award.id);
    expect(refusal(again)).toEqual([409, 'already-undone']);
    const history = await guest.get(`${ME}/cards/${card.id}/history`);
    expect(history.body).toMatchObject({ data: [{ change: -2 }, { change: 2 }] });
  });

  const ringUp = (by: Api, cardCode: string, over: object = {}, headers = withKey()) =>
    by.post<{ transaction: Transaction }>(
      `${COUNTER}/purchase`,
      { cardCode, storeId: shop.storeIds[0]!, currency: 'EUR', total: 375, ...over },
      headers,
    );

  test('ring up a purchase as a till would, once per key, and take it back', async () => {
    const { guest, card } = await aCard();
    const headers = withKey();
    const sold = await ringUp(cashier, card.code, {}, headers);
    expect(sold).toMatchObject({
      status: 201,
      body: { transaction: { cards: [{ cardId: card.id, earned: 1, balance: 1 }] } },
    });
    const { id } = sold.body.transaction;
    // At once: whoever rang it up may take it back for ten seconds.
    const late = await undo(manager, id);
    expect(refusal(late)).toEqual([422, 'reason-required']);
    const undone = await undo(cashier, id);
    expect(undone).toMatchObject({ status: 201, body: { refund: { transactionId: id } } });
    const again = await undo(cashier, id);
    expect(refusal(again)).toEqual([409, 'already-undone']);

    expect((await ringUp(cashier, card.code, {}, headers)).body).toEqual(sold.body);
    const other = await ringUp(cashier, card.code, { total: 400 }, headers);
    expect(refusal(other)).toEqual([422, 'idempotency-key-reused']);
    const [row] = await stack.database.query<{ staff: string }>(
      "SELECT receipt ->> 'staffId' AS staff FROM loyalty.transactions WHERE id = $1",
      [toUuid(id as 'txn_')],
    );
    expect(row!.staff).toMatch(/^stf_/);
    const history = await guest.get(`${ME}/cards/${card.id}/history`);
    expect(history.body).toMatchObject({ data: [{ change: -1 }, { change: 1 }] });
  });

  test('that a till names and nobody knows are noted, and the sale counts', async () => {
    const staffId = idSource.id('stf');
    const sold = await till.record(shop.sale({ staffId }));
    expect(sold).toMatchObject({ notes: ['unknown-staff'], cards: [{ earned: 1 }] });
  });

  test('ring up nothing for themselves, elsewhere, or what does not add up', async () => {
    const self = await members.aGuest('counter@cafe.example');
    await members.join(self);
    const own = await members.openCard(self);
    const { card } = await aCard();
    const otherShop = await openShop(stack.database.ownerUrl);
    for (const [reply, expected] of [
      [await ringUp(cashier, own.code), [403, 'self-award']],
      [
        await ringUp(cashier, card.code, { storeId: otherShop.storeIds[0]! }),
        [422, 'unknown-store'],
      ],
      [
        await ringUp(cashier, card.code, { lines: [{ unitPrice: 374 }] }),
        [422, 'receipt-mismatch'],
      ],
      [await ringUp(cashier, otherShop.cards[0]!.code), [422, 'unknown-card']],
    ] as const) {
      expect(refusal(reply)).toEqual(expected);
    }
  });

  test('undo what a colleague gave only as a manager, with a reason', async () => {
    const { card } = await aCard();
    const given = await award(manager, card.code);
    const { id } = given.body.award;
    const late = await undo(cashier, id);
    expect(refusal(late)).toEqual([403, 'undo-too-late']);
    const others = await award(cashier, card.code);
    const silent = await undo(manager, others.body.award.id);
    expect(refusal(silent)).toEqual([422, 'reason-required']);
    expect(await undo(manager, others.body.award.id, 'Wrong card')).toMatchObject({
      status: 201,
    });
  });

  test('complete a card, and redeem its reward once', async () => {
    const { card } = await aCard();
    const given = await award(cashier, card.code, 12);
    expect(given.body.award).toMatchObject({ balance: 2, rewardsIssued: [{}] });
    const { code } = given.body.award.rewardsIssued[0]!;
    const body = { code, storeId: shop.storeIds[0]! };
    const redeem = () => cashier.post(`${COUNTER}/redeem`, body, withKey());
    expect((await redeem()).status).toBe(200);
    expect((await redeem()).status).toBeGreaterThanOrEqual(400);
    const spent = await undo(manager, given.body.award.id, 'It was redeemed');
    expect(refusal(spent)).toEqual([422, 'already-spent']);
  });

  test('never stamp or redeem for themselves', async () => {
    const self = await members.aGuest('counter@cafe.example');
    await members.join(self);
    const card = await members.openCard(self);
    const own = await award(cashier, card.code);
    expect(refusal(own)).toEqual([403, 'self-award']);
    const given = await award(manager, card.code, 10);
    const { code } = given.body.award.rewardsIssued[0]!;
    const body = { code, storeId: shop.storeIds[0]! };
    const redeemed = await cashier.post(`${COUNTER}/redeem`, body, withKey());
    expect(refusal(redeemed)).toEqual([403, 'self-award']);
  });

  test('find no card of another business, and serve in no store but their own', async () => {
    const otherShop = await openShop(stack.database.ownerUrl);
    const cardCode = otherShop.cards[0]!.code;
    const scanned = await cashier.post<object>(`${COUNTER}/scan`, { cardCode });
    const absent = await cashier.post<object>(`${COUNTER}/scan`, { cardCode: 'nobody-has-this' });
    expect(scanned.status).toBe(404);
    expect({ ...scanned.body, requestId: 0 }).toEqual({ ...absent.body, requestId: 0 });
    const elsewhere = await cashier.post(
      `${COUNTER}/award`,
      { cardCode: shop.cards[0]!.code, storeId: otherShop.storeIds[0]!, stamps: 1 },
      withKey(),
    );
    expect(refusal(elsewhere)).toEqual([422, 'unknown-store']);
  });

  test('scan the code on a phone: the first who does goes on with it, and never with their own', async () => {
    const codeOf = async (guest: Api) => {
      const { id } = await members.openCard(guest);
      const given = await guest.get<{ qr: { code: string } }>(`${ME}/cards/${id}/qr`);
      return given.body.qr.code;
    };
    const scan = (by: Api, qr: string) => by.post(`${COUNTER}/scan`, { qr });
    const guest = await members.aGuest();
    await members.join(guest);
    const qr = await codeOf(guest);
    expect((await scan(cashier, qr)).status).toBe(200);
    expect((await scan(cashier, qr)).status).toBe(200);
    const replayed = await scan(manager, qr);
    expect(refusal(replayed)).toEqual([409, 'code-used']);

    const self = await members.aGuest('back-office@cafe.example');
    await members.join(self);
    const own = await scan(manager, await codeOf(self));
    expect(refusal(own)).toEqual([403, 'self-award']);
  });

  test('find a card by the short code that its customer reads out, and no other shop’s', async () => {
    const guest = await members.aGuest();
    await members.join(guest);
    const { id } = await members.openCard(guest);
    const own = await guest.get<{ card: { shortCode: string } }>(`${ME}/cards/${id}`);
    const { shortCode } = own.body.card;
    expect(shortCode).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$/);

    const typed = shortCode.toLowerCase().replaceAll('-', ' ');
    const scanned = await cashier.post<object>(`${COUNTER}/scan`, {
      shortCode: typed,
    });
    expect(scanned).toMatchObject({ status: 200, body: { cards: [{ id, shortCode }] } });
    const lookUp = `/v1/pos/customers/lookup?shortCode=`;
    expect(await till.get(lookUp + shortCode)).toMatchObject({ body: { cards: [{ id }] } });

    const stranger = await openShop(stack.database.ownerUrl);
    const theirs = shortCodeOf(stranger.cards[0]!.code);
    expect((await till.get(lookUp + theirs)).status).toBe(404);
    expect((await cashier.post(`${COUNTER}/scan`, { shortCode: theirs })).status).toBe(404);
  });
});
