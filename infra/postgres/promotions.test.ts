/** What cards share and what the books remember, on a real database under parallel workers. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { refundPurchase } from '../../queues/commands/refund-purchase.ts';
import { idSource } from '../ids/id-source.ts';
import { aPurchaseMessage, type PurchaseMessage } from '../../tests/builders/messages.ts';
import { openPromotion } from '../../tests/builders/promotions.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { createTestHandlers, createTestWorker } from '../../tests/handlers.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../../tests/journeys/shop.ts';
import { assertBooks } from '../../tests/ledger-check.ts';
import type { Handler } from '../../workers/handlers/handler.ts';
import { createContactSealer } from '../sealing/contact-sealer.ts';
import { toUuid } from './ids.ts';

const sealer = createContactSealer(Buffer.alloc(32).toString('base64'));

let database: TestDatabase;
let pools: Pool[];
/** Two workers, each with its own connections and its own copy of the set-up. */
let workers: Handler<'record-purchase'>[];

beforeAll(async () => {
  database = await createTestDatabase();
  // As many batches at once as a real worker has under way.
  pools = [1, 2].map(() => createTestPool(database.workerUrl, { maxConnections: 3 }));
  workers = pools.map((pool) => createTestWorker(pool)['record-purchase']);
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

const customers = (n: number, program = 'Stamps') => Array.from({ length: n }, () => ({ program }));

/** Hands messages to both workers at once, in batches of a few. */
async function inParallel(messages: readonly PurchaseMessage[], size = 3): Promise<void> {
  const batches: PurchaseMessage[][] = [];
  for (let i = 0; i < messages.length; i += size) batches.push(messages.slice(i, i + size));
  await Promise.all(batches.map((batch, i) => workers[i % workers.length]!(batch)));
}

async function earnedOf(shop: Shop): Promise<number[]> {
  const rows = await database.query<{ amount: number }>(
    `SELECT coalesce(sum(p.amount), 0)::float8 AS amount
       FROM loyalty.transactions t
       LEFT JOIN loyalty.postings p
         ON p.business_id = t.business_id AND p.transaction_id = t.id AND p.from_account = 'issued'
      WHERE t.business_id = $1 GROUP BY t.id, t.occurred_at ORDER BY t.occurred_at, t.id`,
    [toUuid(shop.businessId)],
  );
  return rows.map((row) => row.amount);
}

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('a budget', () => {
  test('for ten is given to ten of a hundred parallel sales, by two workers, and then it ends', async () => {
    const shop = await openShop(database.ownerUrl, { customers: customers(100) });
    await openPromotion(database.ownerUrl, shop, { budget: '10' });
    const messages = shop.cards.map(({ code }) =>
      aPurchaseMessage(shop, { customer: { cardCode: code } }),
    );
    // Each is delivered twice, as a queue may.
    await inParallel([...messages, ...messages.toReversed()]);
    const earned = await earnedOf(shop);
    expect(earned).toHaveLength(100);
    expect(earned.filter((amount) => amount === 2)).toHaveLength(10);
    expect(earned.filter((amount) => amount === 1)).toHaveLength(90);
    const counters = await database.query(
      'SELECT used::int, ceiling::int FROM loyalty.counters WHERE business_id = $1',
      [toUuid(shop.businessId)],
    );
    expect(counters).toEqual([{ used: 10, ceiling: 10 }]);
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('is given to its last part: whoever comes then gets what is left', async () => {
    const shop = await openShop(database.ownerUrl, {
      programs: [POINTS],
      customers: customers(20, 'Points'),
    });
    await openPromotion(database.ownerUrl, shop, { budget: '55' });
    await inParallel(
      shop.cards.map(({ code }) => aPurchaseMessage(shop, { customer: { cardCode: code } })),
    );
    const extras = (await earnedOf(shop)).map((amount) => amount / 1e6 - 10);
    expect(extras.toSorted((a, b) => b - a).slice(0, 7)).toEqual([10, 10, 10, 10, 10, 5, 0]);
    expect(total(extras)).toBe(55);
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('of two promotions at once is never waited for in a ring', async () => {
    const shop = await openShop(database.ownerUrl, { customers: customers(40) });
    const bonus = { effect: { kind: 'bonus', amount: '1' } } as const;
    await openPromotion(database.ownerUrl, shop, { ...bonus, budget: '7' });
    await openPromotion(database.ownerUrl, shop, { ...bonus, budget: '11' });
    const sales = shop.cards.map(({ code }) =>
      aPurchaseMessage(shop, { customer: { cardCode: code } }),
    );
    await inParallel(sales, 5);
    expect(total(await earnedOf(shop))).toBe(40 + 7 + 11);
    await assertBooks(database.ownerUrl, shop.businessId);
  });
});

describe('a limit per customer', () => {
  test('of one a day holds when the same customer is served at ten tills at once', async () => {
    const shop = await openShop(database.ownerUrl);
    await openPromotion(database.ownerUrl, shop, { limit: { uses: 1, per: 'day' } });
    const occurredAt = new Date().toISOString();
    await inParallel(
      Array.from({ length: 10 }, () => aPurchaseMessage(shop, { occurredAt })),
      1,
    );
    expect(total(await earnedOf(shop))).toBe(11);
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('counts by the business date of the sale, in whatever order sales arrive', async () => {
    const shop = await openShop(database.ownerUrl);
    await openPromotion(database.ownerUrl, shop, { limit: { uses: 1, per: 'day' } });
    const noon = new Date().setUTCHours(12, 0, 0, 0);
    for (const [minute, n] of [1, 3, 1, 2].entries()) {
      const occurredAt = new Date(noon - n * 86_400_000 + minute * 60_000).toISOString();
      await workers[0]!([aPurchaseMessage(shop, { occurredAt })]);
    }
    expect(await earnedOf(shop)).toEqual([2, 2, 2, 1]);
  });

  test('holds within one batch as well', async () => {
    const shop = await openShop(database.ownerUrl);
    await openPromotion(database.ownerUrl, shop, { limit: { uses: 3, per: 'promotion' } });
    await workers[0]!(Array.from({ length: 7 }, () => aPurchaseMessage(shop)));
    expect(total(await earnedOf(shop))).toBe(7 + 3);
  });
});

describe('a first purchase', () => {
  test('is the first that is committed, and only one of many at once', async () => {
    const shop = await openShop(database.ownerUrl);
    await openPromotion(database.ownerUrl, shop, {
      audience: { kind: 'firstPurchase' },
      effect: { kind: 'bonus', amount: '5' },
    });
    await inParallel(
      Array.from({ length: 8 }, () => aPurchaseMessage(shop)),
      2,
    );
    expect(total(await earnedOf(shop))).toBe(8 + 5);
  });

  test('is also had by somebody who enrols with it, once', async () => {
    const shop = await openShop(database.ownerUrl);
    await openPromotion(database.ownerUrl, shop, {
      audience: { kind: 'firstPurchase' },
      effect: { kind: 'bonus', amount: '5' },
    });
    const sale = () =>
      aPurchaseMessage(shop, {
        customer: { sealedContact: sealer.seal({ kind: 'phone', value: '+351912345670' }) },
      });
    await inParallel(Array.from({ length: 6 }, sale), 2);
    expect(total(await earnedOf(shop))).toBe(6 + 5);
  });
});

test('a sale that arrives after a promotion was paused is judged by the shop’s window when it occurred', async () => {
  const shop = await openShop(database.ownerUrl);
  const hour = 3_600_000;
  const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  await openPromotion(database.ownerUrl, shop, { liveFrom: ago(10), liveTo: ago(5) });
  for (const hours of [4, 6, 11]) {
    await workers[0]!([aPurchaseMessage(shop, { occurredAt: ago(hours) })]);
  }
  expect(await earnedOf(shop)).toEqual([1, 2, 1]);
});

describe('a cap per member of staff and day', () => {
  const program = (perStaffPerBusinessDay: string) => ({
    ...STAMPS,
    definition: { ...STAMPS.definition, caps: { perStaffPerBusinessDay } },
  });

  test('counts over all cards, and is not passed by fifty sales at once', async () => {
    const shop = await openShop(database.ownerUrl, {
      programs: [program('20')],
      customers: customers(50),
    });
    const [staffId, other] = [idSource.id('stf'), idSource.id('stf')];
    const occurredAt = new Date().toISOString();
    const sales = (who: typeof staffId) =>
      shop.cards.map(({ code }) =>
        aPurchaseMessage(shop, { customer: { cardCode: code }, staffId: who, occurredAt }),
      );
    await inParallel(sales(staffId));
    expect(total(await earnedOf(shop))).toBe(20);
    await inParallel(sales(other).slice(0, 5));
    expect(total(await earnedOf(shop))).toBe(25);
    await assertBooks(database.ownerUrl, shop.businessId);
  });
});

describe('levels', () => {
  const program = {
    ...POINTS,
    definition: {
      ...POINTS.definition,
      tiers: {
        by: 'earned',
        window: { kind: 'calendarYear' },
        downgrade: 'one-step',
        levels: [
          { name: 'Silver', threshold: '20', multiplier: '1.5', perks: ['A cookie'] },
          { name: 'Gold', threshold: '50', multiplier: '2' },
        ],
      },
    },
  } as const;
  const tiers = (shop: Shop) =>
    database.query<{ level: string; is_current: boolean }>(
      'SELECT level, is_current FROM loyalty.card_tiers WHERE business_id = $1 ORDER BY since',
      [toUuid(shop.businessId)],
    );
  const opened = () =>
    openShop(database.ownerUrl, {
      programs: [program],
      customers: customers(1, 'Points'),
      acceptPastDays: 36_500,
    });

  test('are reached by the commit of the sale that reaches them, and count from the next one', async () => {
    const shop = await opened();
    const sale = (n: number) => aPurchaseMessage(shop, { occurredAt: `2026-03-0${n}T12:00:00Z` });
    await workers[0]!([sale(1)]);
    await workers[1]!([sale(2)]);
    await workers[0]!([sale(3), sale(4)]);
    await workers[1]!([sale(5)]);
    // 10, 10 → Silver, 15, 15 → Gold, 20.
    expect((await earnedOf(shop)).map((amount) => amount / 1e6)).toEqual([10, 10, 15, 15, 20]);
    expect(await tiers(shop)).toEqual([
      { level: 'Silver', is_current: false },
      { level: 'Gold', is_current: true },
    ]);
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('count what was reached within the year: either side of New Year is another one', async () => {
    const shop = await opened();
    const at = (occurredAt: string) => workers[0]!([aPurchaseMessage(shop, { occurredAt })]);
    await at('2025-12-31T23:59:59.999Z');
    await at('2026-01-01T00:00:00Z');
    expect(await tiers(shop)).toEqual([]);
    await at('2025-12-30T12:00:00Z');
    expect(await tiers(shop)).toEqual([{ level: 'Silver', is_current: true }]);
  });

  test('a late sale is judged by the level held when it occurred', async () => {
    const shop = await opened();
    const at = (occurredAt: string) => workers[0]!([aPurchaseMessage(shop, { occurredAt })]);
    await at('2026-03-02T12:00:00Z');
    await at('2026-03-03T12:00:00Z');
    await at('2026-03-01T12:00:00Z');
    expect((await earnedOf(shop)).map((amount) => amount / 1e6)).toEqual([10, 10, 10]);
  });
});

describe('a refund', () => {
  test('gives promotions back what they gave, the use with the last of it, and levels their progress', async () => {
    const tiers = {
      by: 'spend',
      window: { kind: 'calendarYear' },
      downgrade: 'one-step',
      levels: [{ name: 'Silver', thresholdMinor: 100_000 }],
    };
    const definition = { ...POINTS.definition, tiers };
    const shop = await openShop(database.ownerUrl, {
      programs: [{ ...POINTS, definition }],
      customers: customers(1, 'Points'),
    });
    const limit = { uses: 1, per: 'promotion' } as const;
    await openPromotion(database.ownerUrl, shop, { budget: '12', limit });
    const business = [toUuid(shop.businessId)];
    const state = async () => {
      const [row] = await database.query(
        `SELECT (SELECT sum(uses)::int FROM loyalty.promotion_uses WHERE business_id = $1) AS uses,
                (SELECT used::float8 / 1e6 FROM loyalty.counters WHERE business_id = $1) AS given,
                (SELECT sum(earned)::float8 / 1e6 FROM loyalty.tier_progress
                  WHERE business_id = $1) AS earned,
                (SELECT sum(spend)::int FROM loyalty.tier_progress WHERE business_id = $1) AS spend,
                (SELECT balance::float8 / 1e6 FROM loyalty.cards WHERE business_id = $1) AS balance`,
        business,
      );
      await assertBooks(database.ownerUrl, shop.businessId);
      return row;
    };
    const handlers = createTestHandlers(pools[0]!);
    const sale = aPurchaseMessage(shop);
    const refund = async (part: object) => {
      const payload = refundPurchase.payload.parse({
        sale: { externalId: sale.payload.externalId },
        externalId: randomUUID(),
        occurredAt: new Date().toISOString(),
        ...part,
      });
      const type = refundPurchase.name;
      const message = { ...aPurchaseMessage(shop), type, payload };
      const [outcome] = await handlers['refund-purchase']([message]);
      expect(outcome).toMatchObject({ status: 'completed' });
    };
    await workers[0]!([sale]);
    expect(await state()).toEqual({ uses: 1, given: 10, earned: 20, spend: 1000, balance: 20 });
    await refund({ amount: 400 });
    expect(await state()).toEqual({ uses: 1, given: 6, earned: 12, spend: 600, balance: 12 });
    await workers[0]!([aPurchaseMessage(shop, { total: 100 })]);
    expect(await state()).toEqual({ uses: 1, given: 6, earned: 13, spend: 700, balance: 13 });
    await refund({ full: true });
    expect(await state()).toEqual({ uses: 0, given: 0, earned: 1, spend: 100, balance: 1 });
    // The use is free again, and so is the budget: 12 of the 15 that this sale would double.
    await workers[0]!([aPurchaseMessage(shop, { total: 1_500 })]);
    expect(await state()).toEqual({ uses: 1, given: 12, earned: 28, spend: 1600, balance: 28 });
  });

  test('of what a budget gave only in part takes that part back, however it is cut up', async () => {
    const shop = await openShop(database.ownerUrl, {
      programs: [POINTS],
      customers: customers(1, 'Points'),
    });
    await openPromotion(database.ownerUrl, shop, { budget: '4' });
    const handlers = createTestHandlers(pools[0]!);
    const sale = aPurchaseMessage(shop);
    await workers[0]!([sale]);
    for (let part = 0; part < 10; part += 1) {
      const payload = refundPurchase.payload.parse({
        sale: { externalId: sale.payload.externalId },
        externalId: randomUUID(),
        occurredAt: new Date().toISOString(),
        amount: 100,
      });
      const message = { ...aPurchaseMessage(shop), type: refundPurchase.name, payload };
      await handlers['refund-purchase']([message]);
      await assertBooks(database.ownerUrl, shop.businessId);
    }
    const [left] = await database.query(
      `SELECT c.balance::int, k.used::int FROM loyalty.cards c, loyalty.counters k
        WHERE c.business_id = $1 AND k.business_id = $1`,
      [toUuid(shop.businessId)],
    );
    expect(left).toEqual({ balance: 0, used: 0 });
  });
});
