/** What ends soon is told, on a real database. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { DAY_MS, HOUR_MS, toIso } from '../../../domain/values/time.ts';
import { idSource } from '../../../infra/ids/id-source.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
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

/** The end of 6 December in Lisbon. */
const ENDS_AT = Date.parse('2026-12-06T23:59:59.999Z');
const NOTICE_AT = ENDS_AT - 14 * DAY_MS;
const aShop = (cards = 1): Promise<Shop> =>
  openShop(database.ownerUrl, {
    customers: Array.from({ length: cards }, () => ({ program: 'Stamps' })),
  });

async function addLot(shop: Shop, over: { card?: number; days?: number; endsAt?: number } = {}) {
  const { card = 0, days = 365, endsAt = ENDS_AT } = over;
  await database.query(
    `INSERT INTO loyalty.lots (business_id, id, card_id, transaction_id, earned_at, expires_at,
                               amount, remaining)
     VALUES ($1, $2, $3, $4, $5, $6, 2, 2)`,
    [
      toUuid(shop.businessId),
      toUuid(idSource.id('lot')),
      toUuid(shop.cards[card]!.id),
      toUuid(idSource.id('txn')),
      toIso(endsAt - days * DAY_MS),
      toIso(endsAt),
    ],
  );
}

async function addReward(shop: Shop, status = 'available') {
  await database.query(
    `INSERT INTO loyalty.issued_rewards (business_id, id, card_id, transaction_id, definition_id,
       code, name, benefit, cost, version_number, status, issued_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'Free coffee', '{}', 10, 1, $7, $8, $9)`,
    [
      toUuid(shop.businessId),
      toUuid(idSource.id('rwd')),
      toUuid(shop.cards[0]!.id),
      toUuid(idSource.id('txn')),
      toUuid(idSource.id('rdf')),
      idSource.code(),
      status,
      toIso(ENDS_AT - 60 * DAY_MS),
      toIso(ENDS_AT),
    ],
  );
}

/** How many cards were told of by this run. */
async function run(shop: Shop, at: number): Promise<number> {
  const message = {
    ...aPurchaseMessage(shop),
    type: 'announce-expiries',
    payload: { at: toIso(at) },
  };
  const [outcome] = await handlers['announce-expiries']([message]);
  return (outcome as { result: { cards: number } }).result.cards;
}

async function told(shop: Shop): Promise<object[]> {
  const rows = await database.query<{ data: object }>(
    `SELECT event -> 'data' AS data FROM loyalty.outbox, json_array_elements(events) event
      WHERE business_id = $1 AND event ->> 'type' = 'card.expiry_due'`,
    [toUuid(shop.businessId)],
  );
  return rows.map((row) => row.data);
}

describe('the end of stamps and rewards', () => {
  test('is told two weeks ahead, not a millisecond sooner, all of a day together', async () => {
    const shop = await aShop();
    await addLot(shop);
    await addLot(shop);
    await addReward(shop);
    await addReward(shop, 'revoked');
    expect(await run(shop, NOTICE_AT - 1)).toBe(0);
    expect(await run(shop, NOTICE_AT)).toBe(1);
    expect(await told(shop)).toMatchObject([
      {
        cardId: shop.cards[0]!.id,
        expiresOn: '2026-12-06',
        amount: 4,
        rewards: [{ name: 'Free coffee' }],
      },
    ]);
  });

  test('is told once a card and day, however often and at once the schedule runs', async () => {
    const shop = await aShop(30);
    for (let card = 0; card < 30; card += 1) await addLot(shop, { card });
    const runs = await Promise.all([1, 2, 3].map(() => run(shop, NOTICE_AT)));
    expect(runs.reduce((sum, cards) => sum + cards)).toBe(30);
    expect(await run(shop, NOTICE_AT + HOUR_MS)).toBe(0);
    await addLot(shop, { endsAt: ENDS_AT + DAY_MS });
    expect(await run(shop, NOTICE_AT + DAY_MS)).toBe(1);
  });

  test('is caught up on for three days, and not longer', async () => {
    const [late, later] = [await aShop(), await aShop()];
    for (const shop of [late, later]) await addLot(shop);
    expect(await run(late, NOTICE_AT + 3 * DAY_MS - 1)).toBe(1);
    expect(await run(later, NOTICE_AT + 3 * DAY_MS)).toBe(0);
  });

  test('of what lives for two weeks or less is not told: it would be old news', async () => {
    const shop = await aShop(2);
    await addLot(shop, { card: 0, days: 13.9 });
    await addLot(shop, { card: 1, days: 14 });
    expect(await run(shop, NOTICE_AT)).toBe(1);
  });

  test('that comes with inactivity is told too; a blocked card’s is not', async () => {
    const shop = await aShop(2);
    for (const card of [0, 1]) {
      await addLot(shop, { card });
      await database.query(
        'UPDATE loyalty.lots SET expires_at = NULL, lapses = true WHERE card_id = $1',
        [toUuid(shop.cards[card]!.id)],
      );
      await database.query(
        'UPDATE loyalty.cards SET active_until = $2, status = $3 WHERE id = $1',
        [toUuid(shop.cards[card]!.id), toIso(ENDS_AT), card === 0 ? 'active' : 'blocked'],
      );
    }
    expect(await run(shop, NOTICE_AT)).toBe(1);
    expect(await told(shop)).toMatchObject([{ cardId: shop.cards[0]!.id, amount: 2 }]);
  });

  test('of another business is none of its', async () => {
    const [mine, theirs] = [await aShop(), await aShop()];
    await addLot(theirs);
    expect(await run(mine, NOTICE_AT)).toBe(0);
  });
});
