/** Customers and staff sign in, and find what is theirs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestCognito, type TestCognito } from '../cognito.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, problemCode, withKey, refusal } from './api.ts';
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
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
    await cognito?.stopAndForget();
  }
});

describe('a customer', () => {
  test('signs up, joins, opens a card, is stamped at the till and sees it', async () => {
    const guest = await members.aGuest('first-guest@cafe.example');
    const me = await members.join(guest, { name: 'First guest' });
    expect(me).toMatchObject({ name: 'First guest', email: 'first-guest@cafe.example' });
    const card = await members.openCard(guest);
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
    const guest = await members.aGuest(email);
    await members.join(guest);
    const cards = await guest.get<{ data: Card[] }>(`${ME}/cards`);
    expect(cards.body.data).toMatchObject([{ balance: 1 }]);
  });

  test('joins once, however often and at once they ask', async () => {
    const guest = await members.aGuest();
    const ids = await Promise.all([members.join(guest), members.join(guest), members.join(guest)]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
  });

  test('changes what is theirs to change', async () => {
    const guest = await members.aGuest();
    await members.join(guest, { name: 'Before' });
    const change = { name: 'After', consents: { emailMarketing: true } };
    const changed = await guest.send('PATCH', ME, { json: change, headers: withKey() });
    expect(changed).toMatchObject({ status: 200, body: { customer: change } });
    const contact = { json: { email: 'another@cafe.example' }, headers: withKey() };
    const refused = await guest.send('PATCH', ME, contact);
    expect(refusal(refused)).toEqual([422, 'validation-failed']);
  });

  test('sees nobody else’s card: it is as if there were none', async () => {
    const guest = await members.aGuest();
    await members.join(guest);
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
    const guest = await members.aGuest();
    await members.join(guest);
    const card = await members.openCard(guest);
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

    const other = await members.aGuest();
    await members.join(other);
    expect((await act(other, 'reserve')).status).toBe(404);
    await act(guest, 'reserve');
    const visit = { storeId: shop.storeIds[0]! };
    const redeemed = await till.post(`/v1/pos/rewards/${reward!.code}/redeem`, visit, {
      ...withKey(),
      Prefer: 'wait=10',
    });
    expect(redeemed).toMatchObject({ status: 200, body: { reward: { status: 'redeemed' } } });
  });

  test('claims a receipt that named nobody, once', async () => {
    const guest = await members.aGuest();
    await members.join(guest);
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
    const guest = await members.aGuest();
    await members.join(guest);
    const body = { programId: shop.programs[0]!.id };
    const opened = await guest.post(`${ME}/cards`, body, { ...withKey(), Prefer: 'wait=0' });
    expect((await guest.endOf(opened.body.job.id)).status).toBe('completed');
    const other = await members.aGuest();
    await members.join(other);
    const foreign = await other.get(`/v1/jobs/${opened.body.job.id}`);
    expect(refusal(foreign)).toEqual([404, 'not-found']);
  });

  test('of two shops says which, and finds each its own', async () => {
    const otherShop = await openShop(stack.database.ownerUrl);
    const guest = await members.aGuest();
    const here = await members.join(guest);
    const there = await members.join(guest, {}, otherShop);
    expect(here.id).not.toBe(there.id);
    const unclear = await guest.get(ME);
    expect(refusal(unclear)).toEqual([400, 'business-required']);
    const asked = await guest.get(ME, { 'Regulars-Business': otherShop.businessId });
    expect(asked.body).toMatchObject({ customer: { id: there.id } });
  });

  test('is told when there is no such business', async () => {
    const guest = await members.aGuest();
    const json = { businessId: idSource.id('biz') };
    const refused = await guest.send('PUT', ME, { json });
    expect(refusal(refused)).toEqual([422, 'unknown-business']);
  });
});

describe('staff', () => {
  const adjust = (colleague: Api, headers: object = {}) =>
    colleague.post(
      `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`,
      { amount: '1', reason: 'Forgotten stamp' },
      { ...withKey(), ...headers },
    );

  test('who were invited are let in by the address they proved, and named in the log', async () => {
    const id = await members.invite('manager', 'manager@cafe.example');
    const manager = await members.aColleague('Manager@cafe.example');
    expect(await adjust(manager)).toMatchObject({ status: 201 });
    const log = await stack.database.query(
      `SELECT principal_kind, action FROM business.audit_log WHERE principal_id = $1`,
      [id],
    );
    expect(log).toEqual([{ principal_kind: 'staff', action: 'adjust-card' }]);
  });

  test('who were not invited are not let in', async () => {
    const stranger = await members.aColleague('stranger@cafe.example');
    const refused = await adjust(stranger);
    expect(refusal(refused)).toEqual([403, 'not-a-member']);
  });

  test('of the counter change nothing of the business', async () => {
    await members.invite('cashier', 'cashier@cafe.example');
    const cashier = await members.aColleague('cashier@cafe.example');
    const refused = await adjust(cashier);
    expect(refusal(refused)).toEqual([403, 'forbidden']);
    expect(JSON.stringify(refused.body)).toContain('cashier');
  });

  test('of another business are not let in here, whatever they are there', async () => {
    const otherShop = await openShop(stack.database.ownerUrl);
    await members.invite('owner', 'owner@elsewhere.example', otherShop);
    const owner = await members.aColleague('owner@elsewhere.example');
    const refused = await adjust(owner);
    expect(refusal(refused)).toEqual([422, 'unknown-card']);
    const path = `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`;
    const headers = { ...withKey(), 'Regulars-Business': shop.businessId };
    const named = await owner.post(path, { amount: '1', reason: 'Mine?' }, headers);
    expect(refusal(named)).toEqual([403, 'not-a-member']);
  });

  test('who were removed are refused at once by the worker, and soon at the door', async () => {
    const id = await members.invite('manager', 'leaving@cafe.example');
    const leaving = await members.aColleague('leaving@cafe.example');
    expect(await adjust(leaving)).toMatchObject({ status: 201 });
    // Through the door while they were still of the shop; looked at when they were not any more.
    const worker = stack.processes['worker']!;
    await worker.kill('SIGSTOP');
    const late = await adjust(leaving, { Prefer: 'wait=0' });
    expect(late.status).toBe(202);
    await stack.database.query('UPDATE business.staff SET removed_at = now() WHERE id = $1', [
      toUuid(id as 'stf_'),
    ]);
    await worker.kill('SIGCONT');
    expect(await till.endOf(late.body.job.id)).toMatchObject({
      status: 'declined',
      problem: { status: 403, type: expect.stringMatching(/\/forbidden$/) },
    });
    const door = async () => {
      const refused = await adjust(leaving);
      return refused.status >= 400 && problemCode(refused) === 'not-a-member';
    };
    await until('the door is closed', door, { everyMs: 500 });
  });
});
