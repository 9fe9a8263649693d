/** The sweep on a real database, beside sales. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { DAY_MS } from '../../../domain/values/time.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { setScope } from '../../../infra/postgres/tenant.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestWorker } from '../../../tests/handlers.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
import type { Handlers } from '../handler.ts';

let database: TestDatabase;
let pool: Pool;
let handlers: Handlers;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl, { maxConnections: 8 });
  handlers = createTestWorker(pool);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const within7Days = {
  ...STAMPS,
  definition: { ...STAMPS.definition, expiry: { kind: 'rolling', period: 'P7D' } },
};
const idleFor7Days = {
  ...POINTS,
  name: 'Stamps',
  definition: { ...POINTS.definition, expiry: { kind: 'inactivity', period: 'P7D' } },
};
const customers = (n: number) => Array.from({ length: n }, () => ({ program: 'Stamps' }));

/** A shop whose every card got a stamp so many days ago. */
async function shopWith(over: Parameters<typeof openShop>[1], daysAgo: readonly number[]) {
  const shop = await openShop(database.ownerUrl, { programs: [within7Days], ...over });
  for (const days of daysAgo) await sellToAll(shop, days);
  return shop;
}

function sellToAll(shop: Shop, daysAgo: number) {
  const occurredAt = ago(daysAgo);
  const sales = shop.cards.map(({ code }) =>
    aPurchaseMessage(shop, { customer: { cardCode: code }, occurredAt }),
  );
  return handlers['record-purchase'](sales);
}

function sweep(shop: Shop, over: { at?: string; restingSince?: string } = {}) {
  const now = new Date(Date.now() + 1_000).toISOString();
  const payload = { at: now, restingSince: now, ...over };
  return handlers['expire-lots']([{ ...aPurchaseMessage(shop), type: 'expire-lots', payload }]);
}

async function stateOf(shop: Shop) {
  const [row] = await database.query<{ balance: number; lots: number; expiries: number }>(
    `SELECT (SELECT sum(balance)::float FROM loyalty.cards WHERE business_id = $1) AS balance,
            (SELECT count(*)::int FROM loyalty.lots
              WHERE business_id = $1 AND remaining > 0) AS lots,
            (SELECT count(*)::int FROM loyalty.transactions
              WHERE business_id = $1 AND kind = 'expiry') AS expiries`,
    [toUuid(shop.businessId)],
  );
  await assertBooks(database.ownerUrl, shop.businessId);
  return row;
}

describe('the sweep', () => {
  test('takes what has expired and nothing else; a second one finds nothing', async () => {
    const shop = await shopWith({ customers: customers(120) }, [10, 9]);
    await sellToAll(shop, 0);
    const other = await shopWith({ customers: customers(1) }, [10]);
    // The sale of today found yesterday's stamps expired and took them with it.
    expect(await stateOf(shop)).toEqual({ balance: 120, lots: 120, expiries: 240 });
    const late = await shopWith({ customers: customers(120) }, [10, 9]);
    expect(await stateOf(late)).toEqual({ balance: 240, lots: 240, expiries: 0 });
    await sweep(late);
    expect(await stateOf(late)).toEqual({ balance: 0, lots: 0, expiries: 240 });
    await sweep(late);
    expect(await stateOf(late)).toEqual({ balance: 0, lots: 0, expiries: 240 });
    expect(await stateOf(other)).toEqual({ balance: 1, lots: 1, expiries: 0 });
  });

  test('leaves cards on which sales are still coming in', async () => {
    const shop = await shopWith({}, [10]);
    await sweep(shop, { restingSince: ago(3) });
    expect(await stateOf(shop)).toMatchObject({ balance: 1, expiries: 0 });
  });

  test('never waits for a card that somebody holds', async () => {
    const shop = await shopWith({ customers: customers(2) }, [10]);
    const held = await pool.connect();
    try {
      await held.query(`BEGIN; ${setScope(toUuid(shop.businessId))}`);
      await held.query('SELECT FROM loyalty.cards WHERE id = $1 FOR UPDATE', [
        toUuid(shop.cards[0]!.id),
      ]);
      await sweep(shop);
    } finally {
      await held.query('ROLLBACK');
      held.release();
    }
    expect(await stateOf(shop)).toEqual({ balance: 1, lots: 1, expiries: 1 });
    await sweep(shop);
    expect(await stateOf(shop)).toEqual({ balance: 0, lots: 0, expiries: 2 });
  });

  test('empties cards that were idle for too long, and no others', async () => {
    const shop = await shopWith({ programs: [idleFor7Days], customers: customers(3) }, [20, 14, 9]);
    await sweep(shop);
    expect(await stateOf(shop)).toMatchObject({ balance: 0, lots: 0, expiries: 3 });
    const visited = await shopWith({ programs: [idleFor7Days] }, [20, 14, 9]);
    await sellToAll(visited, 3);
    await sweep(visited);
    expect(await stateOf(visited)).toMatchObject({ balance: 40_000_000, lots: 4, expiries: 0 });
  });

  test('beside sales and other sweeps the books stay right', async () => {
    const shop = await shopWith({ customers: customers(60) }, [10, 9]);
    const sweeps = Array.from({ length: 3 }, () => sweep(shop));
    await Promise.all([...sweeps, sellToAll(shop, 0), sellToAll(shop, 8.5), sellToAll(shop, 0)]);
    await sweep(shop);
    expect(await stateOf(shop)).toMatchObject({ balance: 120, lots: 120 });
  });
});

test('an adjustment cannot take what has expired', async () => {
  const shop = await shopWith({}, [10]);
  const [card] = shop.cards;
  const message = aPurchaseMessage(shop);
  const payload = { cardId: card!.id, amount: '-1', reason: 'Not hers any more' };
  const outcome = await handlers['adjust-card']([{ ...message, type: 'adjust-card', payload }]);
  expect(outcome).toEqual([{ status: 'declined', code: 'insufficient-balance' }]);
  expect(await stateOf(shop)).toEqual({ balance: 0, lots: 0, expiries: 1 });
});
