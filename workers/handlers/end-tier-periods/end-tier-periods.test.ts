/** The end of levels' periods on a real database, beside sales. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { setScope } from '../../../infra/postgres/tenant.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, POINTS, type Shop } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
import type { Handler } from '../handler.ts';

let database: TestDatabase;
let pool: Pool;
let sell: Handler<'record-purchase'>;
let end: Handler<'end-tier-periods'>;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl, { maxConnections: 8 });
  ({ 'record-purchase': sell, 'end-tier-periods': end } = createTestHandlers(pool));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const program = {
  ...POINTS,
  definition: {
    ...POINTS.definition,
    tiers: {
      by: 'earned',
      window: { kind: 'calendarYear' },
      downgrade: 'one-step',
      levels: [
        { name: 'Silver', threshold: '10' },
        { name: 'Gold', threshold: '20' },
      ],
    },
  },
} as const;

/** Cards that became Gold in March 2024. */
async function goldShop(count: number): Promise<Shop> {
  const shop = await openShop(database.ownerUrl, {
    programs: [program],
    customers: Array.from({ length: count }, () => ({ program: 'Points' })),
    acceptPastDays: 36_500,
  });
  for (const day of [1, 2]) await sellToAll(shop, `2024-03-0${day}T12:00:00Z`);
  return shop;
}

async function sellToAll(shop: Shop, occurredAt: string, cards = shop.cards): Promise<void> {
  await sell(
    cards.map(({ code }) => aPurchaseMessage(shop, { customer: { cardCode: code }, occurredAt })),
  );
}

async function sweep(shop: Shop, at: string): Promise<number> {
  const message = { ...aPurchaseMessage(shop), type: 'end-tier-periods', payload: { at } };
  const [outcome] = await end([message]);
  return (outcome as { result: { cards: number } }).result.cards;
}

/** The levels of today, and the events that went out about levels since they were reached. */
async function stateOf(shop: Shop) {
  const business = [toUuid(shop.businessId)];
  const levels = await database.query<{ level: string | null; count: number }>(
    `SELECT level, count(*)::int AS count FROM loyalty.card_tiers
      WHERE business_id = $1 AND is_current GROUP BY 1 ORDER BY 1`,
    business,
  );
  const events = await database.query<{ type: string; count: number }>(
    `SELECT event ->> 'type' AS type, count(*)::int AS count
       FROM loyalty.outbox, json_array_elements(events) event
      WHERE business_id = $1 AND event ->> 'type' LIKE 'tier.%'
        AND event #>> '{data,to}' IS DISTINCT FROM 'Gold' GROUP BY 1 ORDER BY 1`,
    business,
  );
  await assertBooks(database.ownerUrl, shop.businessId);
  return {
    levels: Object.fromEntries(levels.map(({ level, count }) => [level ?? 'none', count])),
    events: Object.fromEntries(events.map(({ type, count }) => [type, count])),
  };
}

describe('the end of a period', () => {
  test('keeps who reached enough, tells the others two weeks ahead, and then lowers them a step', async () => {
    const shop = await goldShop(120);
    expect(await sweep(shop, '2024-12-31T23:59:59.000Z')).toBe(0);
    // 2024 was enough: Gold stays through 2025.
    expect(await sweep(shop, '2025-01-01T00:00:00.000Z')).toBe(120);
    const regulars = shop.cards.slice(0, 20);
    for (const day of [1, 2]) await sellToAll(shop, `2025-06-0${day}T12:00:00Z`, regulars);
    expect(await sweep(shop, '2025-12-17T23:59:58.000Z')).toBe(0);
    expect(await sweep(shop, '2025-12-18T00:00:00.000Z')).toBe(100);
    expect(await sweep(shop, '2025-12-18T01:00:00.000Z')).toBe(0);
    expect(await stateOf(shop)).toEqual({
      levels: { Gold: 120 },
      events: { 'tier.changed': 120, 'tier.downgrade_due': 100 },
    });
    // Ten of those who were told come back in time.
    const back = shop.cards.slice(20, 30);
    for (const day of [20, 21]) await sellToAll(shop, `2025-12-${day}T12:00:00Z`, back);
    expect(await sweep(shop, '2026-01-01T00:00:01.000Z')).toBe(120);
    expect((await stateOf(shop)).levels).toEqual({ Gold: 30, Silver: 90 });
    expect(await sweep(shop, '2026-01-01T00:00:01.000Z')).toBe(0);
  });

  test('that is swept late still leaves two weeks after the notice', async () => {
    const shop = await goldShop(1);
    await sweep(shop, '2025-01-01T00:00:00.000Z');
    expect(await sweep(shop, '2026-02-01T00:00:00.000Z')).toBe(1);
    expect(await sweep(shop, '2026-02-15T00:00:00.000Z')).toBe(0);
    expect((await stateOf(shop)).levels).toEqual({ Gold: 1 });
    expect(await sweep(shop, '2026-02-15T00:00:00.001Z')).toBe(1);
    expect((await stateOf(shop)).levels).toEqual({ Silver: 1 });
  });

  test('never waits for a card that somebody holds; the next run finds it', async () => {
    const shop = await goldShop(2);
    const held = await pool.connect();
    try {
      await held.query(`BEGIN; ${setScope(toUuid(shop.businessId))}`);
      await held.query('SELECT FROM loyalty.cards WHERE id = $1 FOR UPDATE', [
        toUuid(shop.cards[0]!.id),
      ]);
      expect(await sweep(shop, '2025-01-01T00:00:00.000Z')).toBe(1);
    } finally {
      await held.query('ROLLBACK');
      held.release();
    }
    expect(await sweep(shop, '2025-01-01T00:00:00.000Z')).toBe(1);
  });

  test('run twice at once does each card once', async () => {
    const shop = await goldShop(60);
    const done = await Promise.all([1, 2, 3].map(() => sweep(shop, '2025-01-01T00:00:00.000Z')));
    expect(done.reduce((a, b) => a + b)).toBe(60);
    await stateOf(shop);
  });

  test('of another business is none of its', async () => {
    const [mine, theirs] = [await goldShop(1), await goldShop(1)];
    expect(await sweep(mine, '2025-01-01T00:00:00.000Z')).toBe(1);
    expect(await sweep(theirs, '2024-12-31T00:00:00.000Z')).toBe(0);
  });
});
