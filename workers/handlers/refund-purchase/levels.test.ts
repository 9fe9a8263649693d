/** Levels and limits follow refunds and merges, on a real database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { aCommandMessage, aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { openPromotion } from '../../../tests/builders/promotions.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, POINTS, type Shop } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
import type { Handlers } from '../handler.ts';

let database: TestDatabase;
let pool: Pool;
let worker: Handlers;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl);
  worker = createTestHandlers(pool);
});

afterAll(async () => {
  await pool.end();
  await assertBooks(database.ownerUrl);
  await database.drop();
});

const levels = {
  by: 'earned',
  window: { kind: 'calendarYear' },
  downgrade: 'one-step',
  levels: [
    { name: 'Silver', threshold: '20' },
    { name: 'Gold', threshold: '50' },
  ],
};
const open = (definition: object = { tiers: levels }) =>
  openShop(database.ownerUrl, {
    programs: [{ ...POINTS, definition: { ...POINTS.definition, ...definition } }],
    customers: [{ program: 'Points' }, { program: 'Points' }],
  });

/** Ten points for ten euros. @returns the sale's id at the till */
async function buy(shop: Shop, card = 0, total = 1_000): Promise<string> {
  const customer = { cardCode: shop.cards[card]!.code };
  const sale = aPurchaseMessage(shop, { customer, total });
  expect(await worker['record-purchase']([sale])).toMatchObject([{ status: 'completed' }]);
  return sale.payload.externalId;
}

async function refund(shop: Shop, sale: string, how: object = { full: true }) {
  const payload = {
    sale: { externalId: sale },
    externalId: randomUUID(),
    occurredAt: new Date().toISOString(),
    ...how,
  };
  const [done] = await worker['refund-purchase']([
    aCommandMessage(shop, 'refund-purchase', payload),
  ]);
  expect(done).toMatchObject({ status: 'completed' });
  await assertBooks(database.ownerUrl, shop.businessId);
  return (done as { result: { refund: { cards: { explanation: { code: string }[] }[] } } }).result
    .refund;
}

const people = (shop: Shop) => ({
  survivorId: shop.cards[0]!.customerId,
  mergedId: shop.cards[1]!.customerId,
});
async function merge(shop: Shop) {
  const message = aCommandMessage(shop, 'merge-customers', people(shop));
  expect(await worker['merge-customers']([message])).toMatchObject([{ status: 'completed' }]);
  await assertBooks(database.ownerUrl, shop.businessId);
}
async function unmerge(shop: Shop) {
  const { mergedId } = people(shop);
  const message = aCommandMessage(shop, 'unmerge-customers', { mergedId });
  expect(await worker['unmerge-customers']([message])).toMatchObject([{ status: 'completed' }]);
  await assertBooks(database.ownerUrl, shop.businessId);
}

async function levelOf(shop: Shop, card = 0): Promise<string | null | undefined> {
  const [row] = await database.query<{ level: string | null }>(
    'SELECT level FROM loyalty.card_tiers WHERE business_id = $1 AND card_id = $2 AND is_current',
    [toUuid(shop.businessId), toUuid(shop.cards[card]!.id)],
  );
  return row?.level;
}

test('a level that a refunded sale reached is lost with it, step by step, and the refund says so', async () => {
  const shop = await open();
  const sales = [await buy(shop), await buy(shop), await buy(shop, 0, 3_000)];
  expect(await levelOf(shop)).toBe('Gold');
  const { cards } = await refund(shop, sales[2]!, { amount: 1 });
  expect(cards[0]!.explanation.map(({ code }) => code)).toContain('tier-changed');
  expect(await levelOf(shop)).toBe('Silver');
  await refund(shop, sales[2]!);
  expect(await levelOf(shop)).toBe('Silver');
  await refund(shop, sales[0]!);
  expect(await levelOf(shop)).toBeNull();
  const [{ events } = { events: 0 }] = await database.query<{ events: number }>(
    `SELECT count(*)::int AS events FROM loyalty.outbox o, json_array_elements(o.events::json) e
      WHERE o.business_id = $1 AND e ->> 'type' = 'tier.changed'`,
    [toUuid(shop.businessId)],
  );
  expect(events).toBe(4);
});

test('a level that other sales have reached as well stays', async () => {
  const shop = await open();
  const first = await buy(shop, 0, 2_000);
  await buy(shop, 0, 2_000);
  await refund(shop, first);
  expect(await levelOf(shop)).toBe('Silver');
});

test('of two merged customers the higher level stays, both count towards the next, and each has theirs back', async () => {
  const shop = await open();
  await buy(shop, 0);
  const theirs = await buy(shop, 1, 2_500);
  expect([await levelOf(shop, 0), await levelOf(shop, 1)]).toEqual([undefined, 'Silver']);
  await merge(shop);
  expect(await levelOf(shop, 0)).toBe('Silver');
  await unmerge(shop);
  expect([await levelOf(shop, 0), await levelOf(shop, 1)]).toEqual([null, 'Silver']);
  await merge(shop);
  const more = await buy(shop, 0, 1_500);
  expect(await levelOf(shop, 0)).toBe('Gold');
  await refund(shop, more);
  expect(await levelOf(shop, 0)).toBe('Silver');
  await refund(shop, theirs);
  expect(await levelOf(shop, 0)).toBeNull();
});

test('a promotion that each customer may use once is used once by two who are one', async () => {
  const shop = await open({});
  await openPromotion(database.ownerUrl, shop, { limit: { uses: 1, per: 'promotion' } });
  const balance = async (card = 0) => {
    const [row] = await database.query<{ points: number }>(
      'SELECT balance::float8 / 1e6 AS points FROM loyalty.cards WHERE business_id = $1 AND id = $2',
      [toUuid(shop.businessId), toUuid(shop.cards[card]!.id)],
    );
    return row!.points;
  };
  const theirs = await buy(shop, 1);
  await merge(shop);
  await buy(shop, 0);
  expect(await balance()).toBe(30);
  await refund(shop, theirs);
  await buy(shop, 0);
  expect(await balance()).toBe(30);
  await buy(shop, 0);
  expect(await balance()).toBe(40);
});
