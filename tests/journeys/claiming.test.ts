/** A sale that named nobody, and the customer who kept the receipt. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DAY_MS } from '../../domain/values/time.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Transaction } from '../pos-client.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker'] });
  shop = await openShop(stack.database.ownerUrl, {
    programs: [STAMPS, POINTS],
    acceptPastDays: 60,
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
});

const key = () => ({ 'Idempotency-Key': randomUUID() });

async function enrol(): Promise<string> {
  const body = { name: 'Somebody', programIds: [shop.programs[0]!.id] };
  const added = await api.post<{ customer: { id: string } }>('/v1/admin/customers', body, key());
  return added.body.customer.id;
}

async function sellToNobody(over: object = {}): Promise<Transaction & { claimCode: string }> {
  const { customer: _, ...sale } = shop.sale(over);
  const recorded = await api.record(sale);
  expect(recorded.claimCode).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  return recorded as Transaction & { claimCode: string };
}

const claim = (customerId: string, claimCode: string) =>
  api.post<{ claim: Transaction & { saleId: string } }>(
    `/v1/admin/customers/${customerId}/claims`,
    { claimCode },
    { ...key(), Prefer: 'wait=10' },
  );

describe('a claimed receipt', () => {
  test('gives what the sale would have earned, judged at its own time', async () => {
    const customerId = await enrol();
    const sale = await sellToNobody({
      occurredAt: new Date(Date.now() - 3 * DAY_MS).toISOString(),
      total: 750,
    });
    const { status, body } = await claim(customerId, sale.claimCode.toLowerCase());
    expect([status, body.claim.saleId, body.claim.occurredAt]).toEqual([
      201,
      sale.id,
      sale.occurredAt,
    ]);
    expect(body.claim.cards.map(({ earned }) => earned)).toEqual(
      expect.arrayContaining([1, '7.5']),
    );
  });

  test('counts once, however many hold it', async () => {
    const { claimCode } = await sellToNobody();
    const people = await Promise.all([enrol(), enrol(), enrol(), enrol()]);
    const replies = await Promise.all(people.map((id) => claim(id, claimCode)));
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect(refusal(reply)).toEqual([422, 'receipt-already-claimed']);
    }
  });

  test('must be a receipt of this business, and at most 30 days old', async () => {
    const customerId = await enrol();
    const old = await sellToNobody({
      occurredAt: new Date(Date.now() - 31 * DAY_MS).toISOString(),
    });
    const stranger = await openShop(stack.database.ownerUrl);
    const { customer: _, ...sale } = stranger.sale();
    const foreign = await createApi(stack.edgeUrl, stranger.apiKey).record(sale);
    for (const [code, problem] of [
      [old.claimCode, 'too-late-to-claim'],
      [foreign.claimCode!, 'unknown-receipt'],
      ['0000-0000-0000-0000', 'unknown-receipt'],
      ['this is no claim code', 'unknown-receipt'],
    ] as const) {
      const reply = await claim(customerId, code);
      expect(refusal(reply)).toEqual([422, problem]);
    }
  });

  test('is printed only where nobody was named', async () => {
    expect((await api.record(shop.sale())).claimCode).toBeUndefined();
  });
});

test('a refund of a claimed sale takes back what the claim gave, from whoever claimed', async () => {
  const customerId = await enrol();
  const sale = await sellToNobody({ total: 1_000 });
  expect((await claim(customerId, sale.claimCode)).status).toBe(201);
  const refund = (amount: number) =>
    api.post<{ refund: { cards: object[] } }>(
      `/v1/pos/transactions/${sale.id}/refunds`,
      { externalId: randomUUID(), occurredAt: new Date().toISOString(), amount },
      { Prefer: 'wait=10' },
    );
  for (const left of ['7.5', '5', '2.5', '0']) {
    const { status, body } = await refund(250);
    expect([status, body.refund.cards]).toMatchObject([
      201,
      [{ unit: 'stamp' }, { balance: left }],
    ]);
  }
});
