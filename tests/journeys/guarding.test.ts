/** What looks wrong is listed for the owner, or waits until somebody has approved it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { signUp, startTestCognito, type TestCognito } from '../cognito.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Job, Transaction } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, TRANSACTIONS, withKey, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let cognito: TestCognito;
let stack: TestStack;
let manager: Api;
let cashier: Api;
let cashierId: string;
let shop: Shop;
let till: Api;
let phones = 351_930_000_000;

beforeAll(async () => {
  cognito = await startTestCognito();
  stack = await startTestStack({ env: { ...cognito.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' } });
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, POINTS] });
  till = createApi(stack.edgeUrl, shop.apiKey);
  await invite('manager', 'manager@cafe.example');
  cashierId = await invite('cashier', 'cashier@cafe.example');
  const staff = (email: string) => signUp(stack.edgeUrl, { pool: 'staff', email });
  ({ api: manager } = await staff('manager@cafe.example'));
  ({ api: cashier } = await staff('cashier@cafe.example'));
});

afterAll(async () => {
  try {
    await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack.stop();
    await cognito.stopAndForget();
  }
});

async function invite(role: string, email: string): Promise<string> {
  const id = idSource.id('stf');
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, name, email, role) VALUES ($1, $2, $3, $4, $5)`,
    [toUuid(shop.businessId), toUuid(id), role, email, role],
  );
  return id;
}

const aPhone = () => `+${(phones += 1)}`;

/** Sets what the stamp program watches for. */
async function watch(fraud: object | null): Promise<void> {
  const path = `/v1/admin/programs/${shop.programs[0]!.id}`;
  const { headers } = await manager.get(path);
  const changed = await manager.send('PATCH', path, {
    json: { fraud },
    headers: { 'If-Match': headers.get('etag')!, ...withKey() },
  });
  expect(changed).toMatchObject({ status: 200, body: { fraud } });
}

type Approval = { id: string; kind: string; jobId: string; subjectId: string; status: string };
type Page<T> = { data: T[]; nextCursor: string | null };

async function approvalOf(sale: Transaction): Promise<Approval> {
  const pending = await manager.get<Page<Approval>>('/v1/admin/approvals?status=pending&limit=100');
  const found = pending.body.data.find(({ subjectId }) => subjectId === sale.id);
  if (!found) throw new Error(`${sale.id} waits for nobody`);
  return found;
}

const decide = (by: Api, id: string, verdict: 'approve' | 'reject', reason?: string) =>
  by.post<{ approval: object; transaction: Transaction }>(
    `/v1/admin/approvals/${id}/${verdict}`,
    reason === undefined ? {} : { reason },
    withKey(),
  );

/** A customer's sale that is held because it is above 50 €. */
async function heldSale(over: object = {}) {
  const posted = shop.sale({ customer: { phone: aPhone() }, total: 6_000, ...over });
  const sale = await till.record(posted);
  expect(sale.notes).toContain('held-for-approval');
  return { posted, sale };
}

const stampsOf = (sale: Transaction) =>
  sale.cards.find(({ programId }) => programId === shop.programs[0]!.id)!;
const balanceOf = async (cardId: string) =>
  (await till.get<{ card: { balance: number | string } }>(`/v1/admin/cards/${cardId}`)).body.card
    .balance;

describe('a held sale', () => {
  beforeAll(() => watch({ outlier: { action: 'hold', aboveMinor: 5_000 } }));

  test('is recorded, gives nothing yet, and says why', async () => {
    const { sale } = await heldSale();
    expect(sale.cards).toHaveLength(2);
    expect(stampsOf(sale)).toMatchObject({
      earned: 0,
      balance: 0,
      held: {
        wouldEarn: 1,
        reasons: [{ rule: 'outlier', text: expect.stringContaining('60.00 EUR') }],
      },
      explanation: [{ code: 'card-opened' }, { code: 'held' }],
    });
  });

  test('approved, gives what it would have given at its time, once', async () => {
    const occurredAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const { sale } = await heldSale({ occurredAt });
    const { id } = await approvalOf(sale);
    const approved = await decide(manager, id, 'approve');
    expect(approved).toMatchObject({
      status: 200,
      body: { approval: { status: 'approved' }, transaction: { saleId: sale.id, occurredAt } },
    });
    const { cardId } = stampsOf(sale);
    expect(await balanceOf(cardId)).toBe(1);
    const again = await decide(manager, id, 'approve');
    expect(refusal(again)).toEqual([422, 'already-decided']);
    expect(await balanceOf(cardId)).toBe(1);
    const history = await till.get(`/v1/admin/cards/${cardId}/history`);
    expect(history.body).toMatchObject({ data: [{ kind: 'release', amount: 1 }] });
  });

  test('rejected, gives nothing and keeps the reason', async () => {
    const { sale } = await heldSale();
    const { id } = await approvalOf(sale);
    const rejected = await decide(manager, id, 'reject', 'No such sale that day');
    expect(rejected).toMatchObject({ status: 200, body: { approval: { status: 'rejected' } } });
    expect(await balanceOf(stampsOf(sale).cardId)).toBe(0);
    const listed = await manager.get<Page<Approval>>(
      '/v1/admin/approvals?status=rejected&limit=100',
    );
    expect(listed.body.data.find((one) => one.id === id)).toMatchObject({
      reason: 'No such sale that day',
      request: { transactionId: sale.id, cards: [{}, {}] },
    });
  });

  test('posted again gets the same answer, and waits once', async () => {
    const { posted, sale } = await heldSale();
    const again = await till.record(posted);
    expect(again).toEqual(sale);
    const jobs = await Promise.all(
      Array.from({ length: 5 }, () => till.postSale(posted, withKey())),
    );
    for (const job of jobs) expect(job.result!.transaction!.id).toBe(sale.id);
    const waiting = await stack.database.query(
      `SELECT FROM business.approvals WHERE subject_id = $1`,
      [sale.id],
    );
    expect(waiting).toHaveLength(1);
  });

  test('is not for those who rang it up to approve', async () => {
    const { sale } = await heldSale();
    const { id } = await approvalOf(sale);
    const own = await decide(till, id, 'approve');
    expect(refusal(own)).toEqual([422, 'second-approver-needed']);
    const atCounter = await decide(cashier, id, 'approve');
    expect(atCounter.status).toBe(403);
    const forManager = await heldSale({ customer: { email: 'manager@cafe.example' } });
    const mine = await decide(manager, (await approvalOf(forManager.sale)).id, 'approve');
    expect(refusal(mine)).toEqual([403, 'self-award']);
  });

  test('that was refunded cannot be approved any more', async () => {
    const { sale } = await heldSale();
    const refund = { externalId: randomUUID(), occurredAt: new Date().toISOString(), full: true };
    const refunded = await till.post(`${TRANSACTIONS}/${sale.id}/refunds`, refund, {
      Prefer: 'wait=10',
    });
    expect(refunded.status).toBe(201);
    const { id } = await approvalOf(sale);
    const late = await decide(manager, id, 'approve');
    expect(refusal(late)).toEqual([422, 'sale-refunded']);
    expect((await decide(manager, id, 'reject')).status).toBe(200);
    expect(await balanceOf(stampsOf(sale).cardId)).toBe(0);
  });

  test('that was approved is refunded like any other', async () => {
    const { sale } = await heldSale();
    await decide(manager, (await approvalOf(sale)).id, 'approve');
    const refund = { externalId: randomUUID(), occurredAt: new Date().toISOString(), full: true };
    const path = `${TRANSACTIONS}/${sale.id}/refunds`;
    const refunded = await till.post(path, refund, { Prefer: 'wait=10' });
    expect(refunded.status).toBe(201);
    for (const { cardId } of sale.cards) expect(Number(await balanceOf(cardId))).toBe(0);
  });
});

describe('a flagged sale', () => {
  beforeAll(() => watch({ cardVelocity: { action: 'flag', count: 2, withinMinutes: 10 } }));

  test('counts, and is on the owner’s list with a sentence about it', async () => {
    const customer = { phone: aPhone() };
    const occurredAt = new Date().toISOString();
    const sales: Transaction[] = [];
    for (const _ of [1, 2, 3]) sales.push(await till.record(shop.sale({ customer, occurredAt })));
    expect(stampsOf(sales[2]!)).toMatchObject({ earned: 1, balance: 3 });
    type Flag = { id: string; kind: string; detail: { transactionId: string } };
    const listed = await manager.get<Page<Flag>>('/v1/admin/exceptions?kind=suspicion');
    const ours = listed.body.data.filter(({ detail }) =>
      sales.some(({ id }) => id === detail.transactionId),
    );
    expect(ours).toMatchObject([
      {
        kind: 'suspicion',
        detail: {
          transactionId: sales[2]!.id,
          reasons: [{ rule: 'cardVelocity', text: expect.stringMatching(/^3 sales on this card/) }],
        },
      },
    ]);
    const note = { note: 'A group of friends' };
    const settled = await manager.post(
      `/v1/admin/exceptions/${ours[0]!.id}/settle`,
      note,
      withKey(),
    );
    expect(settled.status).toBe(200);
  });

  test('in one batch with others is found as if each had come alone', async () => {
    const customer = { phone: aPhone() };
    const sales = Array.from({ length: 6 }, () => shop.sale({ customer }));
    const posted = await till.post<{ results: unknown }>(`${TRANSACTIONS}/batch`, {
      transactions: sales,
    });
    expect(posted.status).toBe(202);
    const recorded = await Promise.all(sales.map((sale) => till.record(sale)));
    const ids = recorded.map(({ id }) => id);
    const flags = await stack.database.query(
      `SELECT FROM loyalty.exceptions
        WHERE kind = 'suspicion' AND detail ->> 'transactionId' = ANY($1)`,
      [ids],
    );
    expect(flags).toHaveLength(4);
  });
});

describe('staff', () => {
  test('earn nothing with sales that they ring up for themselves, whatever is set', async () => {
    await watch(null);
    const customer = { email: 'cashier@cafe.example' };
    await till.record(shop.sale({ customer }));
    const own = await till.record(shop.sale({ customer, staffId: cashierId as 'stf_' }));
    expect(stampsOf(own)).toMatchObject({
      earned: 0,
      balance: 1,
      explanation: [{ code: 'self-award' }],
    });
  });

  test('who stamp too quickly wait for somebody else', async () => {
    await watch({ staffVelocity: { action: 'hold', count: 2, withinMinutes: 60 } });
    const { code, id: cardId } = shop.cards[0]!;
    const before = Number(await balanceOf(cardId));
    const award = () =>
      cashier.post<{ job: Job }>(
        '/v1/admin/counter/award',
        { cardCode: code, storeId: shop.storeIds[0]!, stamps: 1 },
        { ...withKey(), Prefer: 'wait=10' },
      );
    expect((await award()).status).toBe(201);
    expect((await award()).status).toBe(201);
    const third = await award();
    expect(third).toMatchObject({
      status: 202,
      body: {
        job: { status: 'waiting', result: { held: { reasons: [{ rule: 'staffVelocity' }] } } },
      },
    });
    const { held } = third.body.job.result as { held: { approvalId: string } };
    expect(await balanceOf(cardId)).toBe(before + 2);
    expect((await decide(manager, held.approvalId, 'approve')).status).toBe(200);
    expect(await balanceOf(cardId)).toBe(before + 3);
    expect((await cashier.endOf(third.body.job.id)).status).toBe('completed');
  });

  test('who redeem within minutes of the award wait too, and a rejection leaves the reward', async () => {
    await watch({ quickRedeem: { action: 'hold', withinMinutes: 15 } });
    const { code: cardCode } = shop.cards[0]!;
    const storeId = shop.storeIds[0]!;
    const given = await cashier.post<{ award: { rewardsIssued: { code: string }[] } }>(
      '/v1/admin/counter/award',
      { cardCode, storeId, stamps: 12 },
      withKey(),
    );
    const { code } = given.body.award.rewardsIssued[0]!;
    const redeem = () =>
      cashier.post<{ job: Job }>(
        '/v1/admin/counter/redeem',
        { code, storeId },
        { ...withKey(), Prefer: 'wait=10' },
      );
    const first = await redeem();
    expect(first).toMatchObject({ status: 202, body: { job: { status: 'waiting' } } });
    const { held } = first.body.job.result as { held: { approvalId: string } };
    expect((await decide(manager, held.approvalId, 'reject', 'Nobody there')).status).toBe(200);
    expect(await cashier.endOf(first.body.job.id)).toMatchObject({
      status: 'declined',
      problem: { type: expect.stringMatching(/approval-rejected$/) },
    });
    await watch({ quickRedeem: { action: 'flag', withinMinutes: 15 } });
    expect((await redeem()).status).toBe(200);
  });
});
