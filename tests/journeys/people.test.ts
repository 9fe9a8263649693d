/** Customers and staff sign in, and find what is theirs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { signUp, startTestCognito, type TestCognito } from '../cognito.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import type { Transaction } from '../pos-client.ts';
import { type Api, createApi, problemCode, withKey, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let cognito: TestCognito;
let stack: TestStack;
let shop: Shop;
let till: Api;

beforeAll(async () => {
  cognito = await startTestCognito();
  stack = await startTestStack({ env: { ...cognito.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' } });
  shop = await openShop(stack.database.ownerUrl);
  till = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
  await cognito.stopAndForget();
});

const ME = '/v1/customer/me';

type Card = { id: string; code: string; balance: number };
type Customer = { id: string; email: string | null; phone: string | null; name: string | null };

/** A customer who has just signed up. */
const aGuest = (email = `${randomUUID()}@cafe.example`) =>
  signUp(stack.edgeUrl, { pool: 'customers', email });

async function join(guest: Api, over: object = {}, at: Shop = shop): Promise<Customer> {
  const body = { businessId: at.businessId, ...over };
  const joined = await guest.send<{ customer: Customer }>('PUT', ME, { json: body });
  expect(joined).toMatchObject({ status: 200 });
  return joined.body.customer;
}

async function openCard(guest: Api): Promise<Card> {
  const body = { programId: shop.programs[0]!.id };
  const opened = await guest.post<{ card: Card }>(`${ME}/cards`, body, withKey());
  expect(opened).toMatchObject({ status: 201 });
  return opened.body.card;
}

describe('a customer', () => {
  test('signs up, joins, opens a card, is stamped at the till and sees it', async () => {
    const { api: guest } = await aGuest('first-guest@cafe.example');
    const me = await join(guest, { name: 'First guest' });
    expect(me).toMatchObject({ name: 'First guest', email: 'first-guest@cafe.example' });
    const card = await openCard(guest);
    await till.record(shop.sale({ customer: { cardCode: card.code } }));

    const shown = await guest.get(`${ME}/cards/${card.id}`);
    expect(shown.body).toMatchObject({
      card: { balance: 1, progress: { current: 1, target: 10 } },
    });
    const all = await guest.get<{ data: Card[] }>(`${ME}/cards`);
    expect(all.body.data).toMatchObject([{ id: card.id, balance: 1 }]);
    const history = await guest.get(`${ME}/cards/${card.id}/history`);
    expect(history.body).toMatchObject({
      data: [{ kind: 'purchase', change: 1, explanation: expect.arrayContaining([]) }],
      nextCursor: null,
    });
    expect((await guest.get(ME)).body).toMatchObject({ customer: { id: me.id } });
  });

  test('who proves the e-mail that a till wrote down finds their stamps', async () => {
    const email = `${randomUUID()}@cafe.example`;
    await till.record(shop.sale({ customer: { email } }));
    const { api: guest } = await aGuest(email);
    await join(guest);
    const cards = await guest.get<{ data: Card[] }>(`${ME}/cards`);
    expect(cards.body.data).toMatchObject([{ balance: 1 }]);
  });

  test('joins once, however often and at once they ask', async () => {
    const { api: guest } = await aGuest();
    const ids = await Promise.all([join(guest), join(guest), join(guest)]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  });

  test('changes what is theirs to change', async () => {
    const { api: guest } = await aGuest();
    await join(guest, { name: 'Before' });
    const change = { name: 'After', consents: { emailMarketing: true } };
    const changed = await guest.send('PATCH', ME, { json: change, headers: withKey() });
    expect(changed).toMatchObject({ status: 200, body: { customer: change } });
    const contact = { json: { email: 'another@cafe.example' }, headers: withKey() };
    const refused = await guest.send('PATCH', ME, contact);
    expect(refusal(refused)).toEqual([422, 'validation-failed']);
  });

  test('sees nobody else’s card: it is as if there were none', async () => {
    const { api: guest } = await aGuest();
    await join(guest);
    const others = shop.cards[0]!.id;
    const absent = idSource.id('crd');
    for (const suffix of ['', '/history']) {
      const foreign = await guest.get<object>(`${ME}/cards/${others}${suffix}`);
      const none = await guest.get<object>(`${ME}/cards/${absent}${suffix}`);
      expect({ ...foreign.body, requestId: 0 }).toEqual({ ...none.body, requestId: 0 });
      expect(foreign.status).toBe(404);
    }
  });

  test('holds a reward for whichever till they go to, and gives it up again', async () => {
    const { api: guest } = await aGuest();
    await join(guest);
    const card = await openCard(guest);
    for (let visit = 0; visit < 10; visit += 1) {
      await till.record(shop.sale({ customer: { cardCode: card.code } }));
    }
    type Mine = { rewards: { id: string; code: string }[] };
    const rewards = async () => (await guest.get<Mine>(`${ME}/cards/${card.id}`)).body.rewards;
    const [reward] = await rewards();
    const act = (by: Api, action: string) =>
      by.post<{ reward: { status: string; reservedUntil: string | null } }>(
        `${ME}/cards/${card.id}/rewards/${reward!.id}/${action}`,
        undefined,
        withKey(),
      );
    const held = await act(guest, 'reserve');
    expect(held).toMatchObject({ status: 200, body: { reward: { status: 'reserved' } } });
    expect(Date.parse(held.body.reward.reservedUntil!) - Date.now()).toBeGreaterThan(9 * 60_000);
    expect(await rewards()).toEqual([]);
    expect(await act(guest, 'cancel')).toMatchObject({ body: { reward: { status: 'available' } } });
    expect(await rewards()).toMatchObject([{ id: reward!.id }]);
    const twice = await act(guest, 'cancel');
    expect(refusal(twice)).toEqual([409, 'reward-not-reserved']);

    const { api: other } = await aGuest();
    await join(other);
    expect((await act(other, 'reserve')).status).toBe(404);
    await act(guest, 'reserve');
    const visit = { storeId: shop.storeIds[0]! };
    const redeemed = await till.post(`/v1/pos/rewards/${reward!.code}/redeem`, visit, {
      ...withKey(),
      Prefer: 'wait=5',
    });
    expect(redeemed).toMatchObject({ status: 200, body: { reward: { status: 'redeemed' } } });
  });

  test('claims a receipt that named nobody, once', async () => {
    const { api: guest } = await aGuest();
    await join(guest);
    const { customer: _, ...anonymous } = shop.sale();
    const { claimCode } = await till.record(anonymous);
    const claim = () => guest.post(`${ME}/claims`, { claimCode: claimCode! }, withKey());
    expect(await claim()).toMatchObject({
      status: 201,
      body: { claim: { cards: [{ earned: 1 }] } },
    });
    const again = await claim();
    expect(refusal(again)).toEqual([422, 'receipt-already-claimed']);
  });

  test('sees nobody else’s job', async () => {
    const { api: guest } = await aGuest();
    await join(guest);
    const body = { programId: shop.programs[0]!.id };
    const opened = await guest.post(`${ME}/cards`, body, { ...withKey(), Prefer: 'wait=0' });
    expect((await guest.endOf(opened.body.job.id)).status).toBe('completed');
    const { api: other } = await aGuest();
    await join(other);
    const foreign = await other.get(`/v1/jobs/${opened.body.job.id}`);
    expect(refusal(foreign)).toEqual([404, 'not-found']);
  });

  test('of two shops says which, and finds each its own', async () => {
    const otherShop = await openShop(stack.database.ownerUrl);
    const { api: guest } = await aGuest();
    const here = await join(guest);
    const there = await join(guest, {}, otherShop);
    expect(here.id).not.toBe(there.id);
    const unclear = await guest.get(ME);
    expect(refusal(unclear)).toEqual([400, 'business-required']);
    const asked = await guest.get(ME, { 'Regulars-Business': otherShop.businessId });
    expect(asked.body).toMatchObject({ customer: { id: there.id } });
  });

  test('is told when there is no such business', async () => {
    const { api: guest } = await aGuest();
    const json = { businessId: idSource.id('biz') };
    const refused = await guest.send('PUT', ME, { json });
    expect(refusal(refused)).toEqual([422, 'unknown-business']);
  });
});

type Award = { id: string; amount: number; balance: number; rewardsIssued: { code: string }[] };

describe('staff', () => {
  async function invite(role: string, email: string, at: Shop = shop): Promise<string> {
    const id = idSource.id('stf');
    await stack.database.query(
      `INSERT INTO business.staff (business_id, id, name, email, role) VALUES ($1, $2, $3, $4, $5)`,
      [toUuid(at.businessId), toUuid(id), role, email, role],
    );
    return id;
  }

  const aColleague = (email: string) => signUp(stack.edgeUrl, { pool: 'staff', email });
  const adjust = (colleague: Api) =>
    colleague.post(
      `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`,
      { amount: '1', reason: 'Forgotten stamp' },
      withKey(),
    );

  test('who were invited are let in by the address they proved, and named in the log', async () => {
    const id = await invite('manager', 'manager@cafe.example');
    const { api: manager } = await aColleague('Manager@cafe.example');
    expect(await adjust(manager)).toMatchObject({ status: 201 });
    const log = await stack.database.query(
      `SELECT principal_kind, action FROM business.audit_log WHERE principal_id = $1`,
      [id],
    );
    expect(log).toEqual([{ principal_kind: 'staff', action: 'adjust-card' }]);
  });

  test('who were not invited are not let in', async () => {
    const { api: stranger } = await aColleague('stranger@cafe.example');
    const refused = await adjust(stranger);
    expect(refusal(refused)).toEqual([403, 'not-a-member']);
  });

  test('of the counter change nothing of the business', async () => {
    await invite('cashier', 'cashier@cafe.example');
    const { api: cashier } = await aColleague('cashier@cafe.example');
    const refused = await adjust(cashier);
    expect(refusal(refused)).toEqual([403, 'forbidden']);
    expect(JSON.stringify(refused.body)).toContain('cashier');
  });

  test('of another business are not let in here, whatever they are there', async () => {
    const otherShop = await openShop(stack.database.ownerUrl);
    await invite('owner', 'owner@elsewhere.example', otherShop);
    const { api: owner } = await aColleague('owner@elsewhere.example');
    const refused = await adjust(owner);
    expect(refusal(refused)).toEqual([422, 'unknown-card']);
    const path = `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`;
    const headers = { ...withKey(), 'Regulars-Business': shop.businessId };
    const named = await owner.post(path, { amount: '1', reason: 'Mine?' }, headers);
    expect(refusal(named)).toEqual([403, 'not-a-member']);
  });

  test('who were removed are refused at once by the worker, and soon at the door', async () => {
    const id = await invite('manager', 'leaving@cafe.example');
    const { api: leaving } = await aColleague('leaving@cafe.example');
    expect(await adjust(leaving)).toMatchObject({ status: 201 });
    await stack.database.query('UPDATE business.staff SET removed_at = now() WHERE id = $1', [
      toUuid(id as 'stf_'),
    ]);
    const declined = await adjust(leaving);
    expect(refusal(declined)).toEqual([403, 'forbidden']);
    const door = async () => problemCode(await adjust(leaving)) === 'not-a-member';
    await until('the door is closed', door, { timeoutMs: 20_000, everyMs: 500 });
  });

  describe('at the counter', () => {
    const COUNTER = '/v1/admin/counter';
    let cashier: Api;
    let manager: Api;

    beforeAll(async () => {
      await invite('cashier', 'counter@cafe.example');
      await invite('manager', 'back-office@cafe.example');
      ({ api: cashier } = await aColleague('counter@cafe.example'));
      ({ api: manager } = await aColleague('back-office@cafe.example'));
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
      const { api: guest } = await aGuest();
      await join(guest, { name: 'A guest' });
      return { guest, card: await openCard(guest) };
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
      expect((await ringUp(cashier, card.code, {}, headers)).body).toEqual(sold.body);
      const other = await ringUp(cashier, card.code, { total: 400 }, headers);
      expect(refusal(other)).toEqual([422, 'idempotency-key-reused']);
      const { id } = sold.body.transaction;
      const [row] = await stack.database.query<{ staff: string }>(
        "SELECT receipt ->> 'staffId' AS staff FROM loyalty.transactions WHERE id = $1",
        [toUuid(id as 'txn_')],
      );
      expect(row!.staff).toMatch(/^stf_/);

      const late = await undo(manager, id);
      expect(refusal(late)).toEqual([422, 'reason-required']);
      const undone = await undo(cashier, id);
      expect(undone).toMatchObject({ status: 201, body: { refund: { transactionId: id } } });
      const again = await undo(cashier, id);
      expect(refusal(again)).toEqual([409, 'already-undone']);
      const history = await guest.get(`${ME}/cards/${card.id}/history`);
      expect(history.body).toMatchObject({ data: [{ change: -1 }, { change: 1 }] });
    });

    test('that a till names and nobody knows are noted, and the sale counts', async () => {
      const staffId = idSource.id('stf');
      const sold = await till.record(shop.sale({ staffId }));
      expect(sold).toMatchObject({ notes: ['unknown-staff'], cards: [{ earned: 1 }] });
    });

    test('ring up nothing for themselves, elsewhere, or what does not add up', async () => {
      const { api: self } = await aGuest('counter@cafe.example');
      await join(self);
      const own = await openCard(self);
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
      const spent = await undo(cashier, given.body.award.id);
      expect(refusal(spent)).toEqual([422, 'already-spent']);
    });

    test('never stamp or redeem for themselves', async () => {
      const { api: self } = await aGuest('counter@cafe.example');
      await join(self);
      const card = await openCard(self);
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
  });
});
