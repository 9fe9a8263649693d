/** A week's report, on a real database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { createDueBusinesses } from '../../../infra/postgres/due-businesses.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
import { DAY_MS } from '../../../domain/values/time.ts';
import type { Handlers } from '../handler.ts';

let database: TestDatabase;
let pool: Pool;
let handlers: Handlers;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl, { maxConnections: 8 });
  handlers = createTestHandlers(pool);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The Monday with which the current week began. */
function thisMonday(): number {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return today - ((new Date(today).getUTCDay() || 7) - 1) * DAY_MS;
}

async function run(shop: Shop, at: number): Promise<string | null> {
  const payload = { at: new Date(at).toISOString() };
  const message = { ...aPurchaseMessage(shop), type: 'report-week', payload };
  const [outcome] = await handlers['report-week']([message]);
  return (outcome as { result: { week: string | null } }).result.week;
}

test('a week is reported once, with what was sold less what was given back, beside the week before', async () => {
  const shop = await openShop(database.ownerUrl);
  const monday = thisMonday();
  // The Friday before, at noon: in the same week in every zone.
  const occurredAt = new Date(monday - 2.5 * DAY_MS).toISOString();
  const customer = { cardCode: shop.cards[0]!.code };
  const sale = (total: number, over: object = {}) =>
    aPurchaseMessage(shop, { total, customer, occurredAt, ...over });
  await handlers['record-purchase']([sale(1_000), sale(250), sale(500, { customer: undefined })]);
  const weeks = await Promise.all([run(shop, monday), run(shop, monday), run(shop, monday)]);
  const from = new Date(monday - 7 * DAY_MS).toISOString().slice(0, 10);
  expect(weeks.filter((week) => week !== null)).toEqual([from]);
  const [reported, ...others] = await database.query<{ data: object }>(
    `SELECT event -> 'data' AS data FROM loyalty.outbox, json_array_elements(events) event
      WHERE business_id = $1 AND event ->> 'type' = 'week.reported'`,
    [toUuid(shop.businessId)],
  );
  expect(others).toEqual([]);
  expect(reported?.data).toMatchObject({
    from,
    figures: {
      sales: 3,
      revenue: [{ amount: 1_750, currency: 'EUR' }],
      customers: 1,
      rewardsIssued: 0,
    },
    weekBefore: { sales: 0, revenue: [], customers: 0 },
  });
});

test('it is due from seven on Monday morning, where the business is, and not before its first week is over', async () => {
  const due = createDueBusinesses(pool);
  const open = async (zone: string, created: string) => {
    const shop = await openShop(database.ownerUrl, { zone, customers: [] });
    await database.query('UPDATE business.businesses SET created_at = $2 WHERE id = $1', [
      toUuid(shop.businessId),
      created,
    ]);
    return shop.businessId;
  };
  const old = '2026-01-01T00:00:00Z';
  const [tokyo, lisbon] = [await open('Asia/Tokyo', old), await open('Europe/Lisbon', old)];
  const young = await open('Europe/Lisbon', '2026-11-23T00:00:00Z');
  const dueAt = async (at: string) => {
    const found = await due('report-week', Date.parse(at));
    return [tokyo, lisbon, young].map((id) => found.includes(id));
  };
  expect(await dueAt('2026-11-22T21:59:59Z')).toEqual([false, true, false]);
  expect(await dueAt('2026-11-22T22:00:00Z')).toEqual([true, true, false]);
});
