/** Rewards for birthdays, on a real database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { idSource } from '../../../infra/ids/id-source.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
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

const GIFT = {
  name: 'Birthday cake',
  cost: '0',
  occasion: 'birthday',
  benefit: { kind: 'freeItem', description: 'A slice of cake' },
  validForDays: 14,
};

/** A shop in Lisbon with one card for each birthday; null: nobody told. */
async function shopOf(birthdays: readonly (string | null)[], terms: object = {}): Promise<Shop> {
  const shop = await openShop(database.ownerUrl, {
    customers: birthdays.map(() => ({ program: 'Stamps' })),
  });
  for (const [i, birthday] of birthdays.entries()) {
    await database.query(
      `UPDATE customer.customers u SET birthday = $2
         FROM loyalty.cards c WHERE c.id = $1 AND u.id = c.customer_id`,
      [toUuid(shop.cards[i]!.id), birthday],
    );
  }
  await database.query(
    `INSERT INTO loyalty.reward_definitions (business_id, id, program_id, status, definition, stock_left)
     VALUES ($1, $2, $3, 'live', $4, $5)`,
    [
      toUuid(shop.businessId),
      toUuid(idSource.id('rdf')),
      toUuid(shop.programs[0]!.id),
      JSON.stringify({ ...GIFT, ...terms }),
      'stock' in terms ? terms.stock : null,
    ],
  );
  return shop;
}

async function run(shop: Shop, at: string): Promise<number> {
  const message = { ...aPurchaseMessage(shop), type: 'give-birthday-rewards', payload: { at } };
  const [outcome] = await handlers['give-birthday-rewards']([message]);
  return (outcome as { result: { rewards: number } }).result.rewards;
}

/** Whose cards have how many rewards, in the shop's order of cards. */
async function rewardsOf(shop: Shop): Promise<number[]> {
  await assertBooks(database.ownerUrl, shop.businessId);
  const rows = await database.query<{ card_id: string; count: number }>(
    `SELECT card_id, count(*)::int AS count FROM loyalty.issued_rewards
      WHERE business_id = $1 GROUP BY 1`,
    [toUuid(shop.businessId)],
  );
  return shop.cards.map(({ id }) => rows.find((row) => row.card_id === toUuid(id))?.count ?? 0);
}

describe('a birthday’s reward', () => {
  test('comes with the local day, and to nobody else', async () => {
    const shop = await shopOf(['1990-07-15', '1990-07-16', null]);
    // Lisbon is an hour ahead in July.
    expect(await run(shop, '2026-07-14T22:59:59.000Z')).toBe(0);
    expect(await run(shop, '2026-07-14T23:00:00.000Z')).toBe(1);
    expect(await rewardsOf(shop)).toEqual([1, 0, 0]);
    const [told] = await database.query<{ event: object; explanation: object[] }>(
      `SELECT o.events -> 0 AS event, t.outcome -> 'explanation' AS explanation
         FROM loyalty.transactions t JOIN loyalty.outbox o ON o.id = t.id
        WHERE t.business_id = $1`,
      [toUuid(shop.businessId)],
    );
    expect(told).toMatchObject({
      event: { type: 'reward.issued', data: { name: 'Birthday cake' } },
      explanation: [{ code: 'birthday', text: 'Birthday cake for the birthday of 2026' }],
    });
  });

  test('comes once a year, however often and at once the schedule runs', async () => {
    const shop = await shopOf(Array.from({ length: 60 }, () => '1990-07-15'));
    const at = '2026-07-15T09:00:00.000Z';
    const given = await Promise.all([run(shop, at), run(shop, at), run(shop, at)]);
    expect(given.reduce((sum, n) => sum + n)).toBe(60);
    expect(await run(shop, '2026-07-20T09:00:00.000Z')).toBe(0);
    expect(await run(shop, '2027-07-15T09:00:00.000Z')).toBe(60);
    expect(new Set(await rewardsOf(shop))).toEqual(new Set([2]));
  });

  test('is not had twice by changing the date', async () => {
    const shop = await shopOf(['1990-12-31']);
    expect(await run(shop, '2026-12-31T09:00:00.000Z')).toBe(1);
    await database.query('UPDATE customer.customers SET birthday = $2 WHERE business_id = $1', [
      toUuid(shop.businessId),
      '1990-01-02',
    ]);
    expect(await run(shop, '2027-01-02T09:00:00.000Z')).toBe(0);
    expect(await run(shop, '2028-01-02T09:00:00.000Z')).toBe(1);
  });

  test('is caught up on for a week, and not longer', async () => {
    const shop = await shopOf(['1990-07-10', '1990-07-09']);
    expect(await run(shop, '2026-07-17T22:00:00.000Z')).toBe(1);
    expect(await rewardsOf(shop)).toEqual([1, 0]);
  });

  test('of 29 February comes on the 28th in common years', async () => {
    const shop = await shopOf(['1992-02-29']);
    expect(await run(shop, '2027-02-27T12:00:00.000Z')).toBe(0);
    expect(await run(shop, '2027-02-28T12:00:00.000Z')).toBe(1);
    expect(await run(shop, '2028-02-28T12:00:00.000Z')).toBe(0);
    expect(await run(shop, '2028-02-29T12:00:00.000Z')).toBe(1);
  });

  test('leaves out blocked cards and those who were erased', async () => {
    const shop = await shopOf(['1990-07-15', '1990-07-15', '1990-07-15']);
    const [blocked, erased] = shop.cards.map(({ id }) => toUuid(id));
    await database.query(`UPDATE loyalty.cards SET status = 'blocked' WHERE id = $1`, [blocked]);
    await database.query(
      `UPDATE customer.customers SET erased_at = now()
        WHERE id = (SELECT customer_id FROM loyalty.cards WHERE id = $1)`,
      [erased],
    );
    await run(shop, '2026-07-15T09:00:00.000Z');
    expect(await rewardsOf(shop)).toEqual([0, 0, 1]);
  });

  test('ends with the stock', async () => {
    const shop = await shopOf(['1990-07-15', '1990-07-15'], { stock: 1 });
    expect(await run(shop, '2026-07-15T09:00:00.000Z')).toBe(1);
  });
});
