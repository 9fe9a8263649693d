/** What time does to rewards, on a real database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { DAY_MS, MINUTE_MS } from '../../domain/values/time.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { aPurchaseMessage } from '../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop, type Shop, STAMPS } from '../../tests/journeys/shop.ts';
import { assertBooks } from '../../tests/ledger-check.ts';
import type { Handlers } from './handler.ts';

const CUSTOMERS = 60;
const { autoReward } = STAMPS.definition;

let database: TestDatabase;
let pool: Pool;
let handlers: Handlers;
let shop: Shop;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl, { maxConnections: 8 });
  handlers = createTestHandlers(pool);
  const definition = {
    ...STAMPS.definition,
    autoReward: { ...autoReward, cost: '1', validForDays: 1 },
  };
  shop = await openShop(database.ownerUrl, {
    programs: [{ ...STAMPS, definition }],
    customers: Array.from({ length: CUSTOMERS }, () => ({ program: 'Stamps' })),
  });
  // Two rewards each: one from last week, which has expired since, and one of today.
  for (const days of [7, 0]) {
    const occurredAt = new Date(Date.now() - days * DAY_MS).toISOString();
    await handlers['record-purchase'](
      shop.cards.map(({ code }) =>
        aPurchaseMessage(shop, { customer: { cardCode: code }, occurredAt }),
      ),
    );
  }
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS).toISOString();

async function sweep(type: 'expire-rewards' | 'release-reservations', at: string) {
  const [outcome] = await handlers[type]([{ ...aPurchaseMessage(shop), type, payload: { at } }]);
  await assertBooks(database.ownerUrl, shop.businessId);
  return outcome;
}

const counted = (rewards: number) => ({
  status: 'completed',
  transactionId: null,
  result: { rewards },
});

async function countEvents(type: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM loyalty.outbox, json_array_elements(events) event
      WHERE business_id = $1 AND event ->> 'type' = $2`,
    [toUuid(shop.businessId), type],
  );
  return row?.count ?? 0;
}

test('an expired reward says so, in more than one batch and once however often it is swept', async () => {
  expect(await Promise.all([1, 2].map(() => sweep('expire-rewards', inMinutes(0))))).toHaveLength(
    2,
  );
  expect(await sweep('expire-rewards', inMinutes(0))).toEqual(counted(0));
  expect(await countEvents('reward.expired')).toBe(CUSTOMERS);
});

test('a reservation is released when its time is over, and not before', async () => {
  const [row] = await database.query<{ code: string }>(
    `SELECT code FROM loyalty.issued_rewards
      WHERE business_id = $1 AND status = 'available' LIMIT 1`,
    [toUuid(shop.businessId)],
  );
  const message = aPurchaseMessage(shop);
  const payload = { code: row!.code, storeId: shop.storeIds[0]! };
  const reserve = { ...message, type: 'reserve-reward', payload };
  expect(await handlers['reserve-reward']([reserve])).toMatchObject([{ status: 'completed' }]);
  expect(await sweep('release-reservations', inMinutes(0))).toEqual(counted(0));
  // The clock of the sweep never runs ahead of the worker's own.
  expect(await sweep('release-reservations', inMinutes(60))).toEqual(counted(0));
  await database.query(
    `UPDATE loyalty.issued_rewards SET reserved_until = now() - interval '1 second' WHERE status = 'reserved'`,
  );
  expect(await sweep('release-reservations', inMinutes(0))).toEqual(counted(1));
  expect(await countEvents('reward.released')).toBe(1);
});
