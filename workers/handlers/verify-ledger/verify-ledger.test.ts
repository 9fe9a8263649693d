/** The verifier on a real database: what the owner corrupts, it finds. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { createDueBusinesses } from '../../../infra/postgres/due-businesses.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
import type { Handlers } from '../handler.ts';

let database: TestDatabase;
let pool: Pool;
let handlers: Handlers;
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl);
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
  handlers = createTestHandlers(pool, log);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function busyShop(): Promise<Shop> {
  const customers = Array.from({ length: 3 }, () => ({ program: 'Stamps' }));
  const shop = await openShop(database.ownerUrl, { customers });
  const sales = shop.cards.flatMap(({ code }) =>
    Array.from({ length: 12 }, () => aPurchaseMessage(shop, { customer: { cardCode: code } })),
  );
  await handlers['record-purchase'](sales);
  return shop;
}

function verify(shop: Shop) {
  const message = { ...aPurchaseMessage(shop), type: 'verify-ledger', payload: {} };
  return handlers['verify-ledger']([message]);
}

const differences = (shop: Shop) =>
  database.query(
    `SELECT card_id, rule, expected::int, found::int FROM loyalty.ledger_differences
      WHERE business_id = $1 ORDER BY rule`,
    [toUuid(shop.businessId)],
  );

test('sound books report nothing', async () => {
  const shop = await busyShop();
  expect(await verify(shop)).toMatchObject([{ result: { cards: 3, differences: 0 } }]);
  expect(await differences(shop)).toEqual([]);
});

test('a balance that somebody changed is reported within a run, and left as it is', async () => {
  const shop = await busyShop();
  const other = await busyShop();
  const card_id = toUuid(shop.cards[1]!.id);
  await database.query('UPDATE loyalty.cards SET balance = 999 WHERE id = $1', [card_id]);
  await Promise.all([verify(shop), verify(other)]);
  const found = [
    { card_id, rule: 'balance-is-lots', expected: 2, found: 999 },
    { card_id, rule: 'balance-is-postings', expected: 2, found: 999 },
  ];
  expect(await differences(shop)).toEqual(found);
  expect(await differences(other)).toEqual([]);
  expect(logged.filter((line) => line.includes(shop.cards[1]!.id))).toHaveLength(2);
  await verify(shop);
  expect(await differences(shop)).toEqual(found);
  expect(
    await database.query('SELECT balance::int FROM loyalty.cards WHERE id = $1', [card_id]),
  ).toEqual([{ balance: 999 }]);
});

test('a schedule finds the businesses that have work for it', async () => {
  const shop = await busyShop();
  const findDue = createDueBusinesses(pool);
  expect(await findDue('verify-ledger', Date.now())).toContain(shop.businessId);
  expect(await findDue('expire-lots', Date.now())).not.toContain(shop.businessId);
  await database.query(
    `UPDATE loyalty.lots SET expires_at = now() - interval '1 hour' WHERE business_id = $1`,
    [toUuid(shop.businessId)],
  );
  expect(await findDue('expire-lots', Date.now())).toContain(shop.businessId);
  expect(await findDue('expire-lots', Date.now() - 7_200_000)).not.toContain(shop.businessId);
});
