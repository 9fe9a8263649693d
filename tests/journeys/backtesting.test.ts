/** An owner asks what other rules would have given, and gets an answer from what really happened. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, type Shop, STAMPS } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  shop = await openShop(stack.database.ownerUrl, {
    customers: Array.from({ length: 3 }, () => ({ program: 'Stamps' })),
  });
  api = createApi(stack.edgeUrl, shop.apiKey);
  // Twelve visits, six and none.
  for (const [card, visits] of [
    [0, 12],
    [1, 6],
  ] as const) {
    const customer = { cardCode: shop.cards[card]!.code };
    await Promise.all(Array.from({ length: visits }, () => api.record(shop.sale({ customer }))));
  }
  await stack.database.query(
    `INSERT INTO loyalty.program_versions (business_id, program_id, number, valid_from, definition)
     VALUES ($1, $2, 2, '2999-01-01', $3)`,
    [
      toUuid(shop.businessId),
      toUuid(shop.programs[0]!.id),
      {
        rules: [{ kind: 'perVisit', amount: '1' }],
        autoReward: { ...STAMPS.definition.autoReward, cost: '5' },
      },
    ],
  );
  await stack.database.query('UPDATE business.businesses SET config_revision = 2');
});

afterAll(() => stack.stop());

type Answer = { backtest: Record<string, unknown> & { mostChanged: { cardId: string }[] } };

const ask = (version: number, days = 30) =>
  api.post<Answer>(
    `/v1/admin/programs/${shop.programs[0]!.id}/versions/${version}/backtest`,
    { days },
    { 'Idempotency-Key': randomUUID() },
  );

describe('a backtest', () => {
  test('of the version in force gives what really happened', async () => {
    const { status, body } = await ask(1);
    expect(status).toBe(200);
    expect(body.backtest).toMatchObject({
      unit: 'stamp',
      cards: 3,
      transactions: 18,
      actual: { earned: 18, rewards: 1, balance: 8, liability: 18 },
      draft: { earned: 18, rewards: 1, balance: 8, liability: 18 },
      changedCards: 0,
      mostChanged: [],
    });
  });

  test('of a draft says what it would have given, and whom it would change', async () => {
    const { body } = await ask(2);
    expect(body.backtest).toMatchObject({
      version: 2,
      actual: { rewards: 1 },
      draft: { earned: 18, rewards: 3, balance: 3, liability: 18 },
      changedCards: 2,
    });
    expect(new Set(body.backtest.mostChanged.map((card) => card.cardId))).toEqual(
      new Set([shop.cards[0]!.id, shop.cards[1]!.id]),
    );
  });

  test('changes nothing', async () => {
    const rows = await stack.database.query(
      `SELECT (SELECT count(*)::int FROM loyalty.postings) AS postings,
              (SELECT sum(balance)::int FROM loyalty.cards) AS balance`,
    );
    expect(rows).toEqual([{ postings: 19, balance: 8 }]);
  });

  test('counts what is left of refunded sales, in truth and in the trial', async () => {
    const customer = { cardCode: shop.cards[1]!.code };
    const voided = shop.sale({ customer });
    await api.record(voided);
    const refund = {
      externalId: randomUUID(),
      occurredAt: new Date().toISOString(),
      full: true,
    };
    const path = `/v1/pos/transactions/${encodeURIComponent(`externalId:${voided.externalId}`)}/refunds`;
    expect((await api.post(path, refund, { Prefer: 'wait=10' })).status).toBe(201);
    const { body } = await ask(1);
    expect(body.backtest).toMatchObject({
      transactions: 19,
      actual: { earned: 18, balance: 8 },
      draft: { earned: 18, balance: 8 },
      changedCards: 0,
    });
  });

  test('needs a version that exists', async () => {
    const reply = await ask(3);
    expect(refusal(reply)).toEqual([422, 'unknown-version']);
  });
});
