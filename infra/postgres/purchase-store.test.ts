/** The books on a real database, as the command's handler uses them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { aPurchaseMessage, type PurchaseMessage } from '../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop, type Shop, STAMPS } from '../../tests/journeys/shop.ts';
import { assertBooks } from '../../tests/ledger-check.ts';
import type { Handlers } from '../../workers/handlers/handler.ts';
import { createBatchers } from '../../workers/batching/batchers.ts';
import type { Handler } from '../../workers/handlers/handler.ts';
import { createContactSealer } from '../sealing/contact-sealer.ts';
import { fromUuid, toUuid } from './ids.ts';
import { inBusinesses } from './tenant.ts';
import { busyOnes, isConnectionError } from './pool.ts';

const sealer = createContactSealer(Buffer.alloc(32).toString('base64'));

let database: TestDatabase;
let pool: Pool;
let handle: Handler<'record-purchase'>;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl, { maxConnections: 8 });
  handle = createTestHandlers(pool)['record-purchase'];
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A worker's way in, with several batches under way at once. */
function aWorker(maxSize: number): (message: PurchaseMessage) => Promise<unknown> {
  const { 'record-purchase': batcher } = createBatchers({ 'record-purchase': handle } as Handlers, {
    maxSize,
    isOutage: isConnectionError,
    busyOnes,
    sleep: () => Promise.reject(new Error('there is no outage')),
    onFinished: async () => undefined,
    log: pino({ level: 'silent' }),
  });
  return (message) => batcher.submit(message);
}

async function count(shop: Shop): Promise<{ transactions: number; stamps: number; jobs: number }> {
  const [row] = await database.query<{ transactions: number; stamps: number; jobs: number }>(
    `SELECT (SELECT count(*)::int FROM loyalty.transactions WHERE business_id = $1) AS transactions,
            (SELECT count(*)::int FROM loyalty.jobs WHERE business_id = $1) AS jobs,
            (SELECT coalesce(sum(amount), 0)::int FROM loyalty.postings
              WHERE business_id = $1 AND from_account = 'issued') AS stamps`,
    [toUuid(shop.businessId)],
  );
  return row!;
}

const customers = (n: number) => Array.from({ length: n }, () => ({ program: 'Stamps' }));

describe('batches at the same moment', () => {
  test('that cross the same cards in opposite order do not deadlock and lose no update', async () => {
    const shop = await openShop(database.ownerUrl, { customers: customers(20) });
    const ROUNDS = 10;
    const forwards = () =>
      shop.cards.map(({ code }) => aPurchaseMessage(shop, { customer: { cardCode: code } }));
    const workers = Array.from({ length: 4 }, () => aWorker(20));
    for (let round = 0; round < ROUNDS; round += 1) {
      const batches = workers.map((submit, i) =>
        (i % 2 === 0 ? forwards() : forwards().toReversed()).map((message) => submit(message)),
      );
      await Promise.all(batches.flat());
    }
    expect(await count(shop)).toMatchObject({ stamps: 20 * ROUNDS * 4 });
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('hold up nobody but the sales of a card that somebody else has locked', async () => {
    const shop = await openShop(database.ownerUrl, { customers: customers(10) });
    const [held, ...others] = shop.cards.map(({ code }) =>
      aPurchaseMessage(shop, { customer: { cardCode: code } }),
    );
    const submit = aWorker(10);
    const somebody = await pool.connect();
    await inBusinesses([shop.businessId], async () => {
      await somebody.query('BEGIN');
      await somebody.query(`SET LOCAL app.business = '${toUuid(shop.businessId)}'`);
      await somebody.query('SELECT FROM loyalty.cards WHERE code = $1 FOR UPDATE', [
        shop.cards[0]!.code,
      ]);
    });
    let isHeld = true;
    const waiting = submit(held!).finally(() => (isHeld = false));
    await Promise.all(others.map((message) => submit(message)));
    expect(isHeld).toBe(true);
    expect(await count(shop)).toMatchObject({ stamps: 9 });
    await somebody.query('ROLLBACK');
    somebody.release();
    await waiting;
    expect(await count(shop)).toMatchObject({ stamps: 10 });
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('that enrol the same phone make one customer, however many there are', async () => {
    const shop = await openShop(database.ownerUrl);
    const customer = () => ({
      sealedContact: sealer.seal({ kind: 'phone', value: '+351912345678' }),
    });
    const [one, other] = [aWorker(1), aWorker(3)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 === 0 ? one : other)(aPurchaseMessage(shop, { customer: customer() })),
      ),
    );
    const found = await database.query(
      'SELECT id FROM customer.customers WHERE business_id = $1 AND phone IS NOT NULL',
      [toUuid(shop.businessId)],
    );
    expect(found).toHaveLength(1);
    expect(await count(shop)).toEqual({ transactions: 20, jobs: 20, stamps: 20 });
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('that enrol the same phones in opposite order all come through', async () => {
    const shop = await openShop(database.ownerUrl);
    const sales = (phones: readonly number[]) =>
      phones.map((n) => {
        const value = `+3519123400${String(n).padStart(2, '0')}`;
        const customer = { sealedContact: sealer.seal({ kind: 'phone', value }) };
        return aPurchaseMessage(shop, { customer });
      });
    const phones = Array.from({ length: 20 }, (_, n) => n);
    const workers = [sales(phones), sales(phones.toReversed())].map((messages) => {
      const submit = aWorker(20);
      return Promise.all(messages.map((message) => submit(message)));
    });
    await Promise.all(workers);
    expect(await count(shop)).toEqual({ transactions: 40, jobs: 40, stamps: 40 });
    await assertBooks(database.ownerUrl, shop.businessId);
  });
});

describe('a message', () => {
  test('delivered twice is applied once and gives the same outcome, in one batch or in two', async () => {
    const shop = await openShop(database.ownerUrl);
    const message = aPurchaseMessage(shop);
    const [first, second] = await handle([message, message]);
    const [third] = await handle([message]);
    expect(first).toMatchObject({ status: 'completed' });
    expect([second, third]).toEqual([first, first]);
    expect(await count(shop)).toEqual({ transactions: 1, jobs: 1, stamps: 1 });
  });

  test('delivered ten times at the same moment is applied once', async () => {
    const shop = await openShop(database.ownerUrl);
    const message = aPurchaseMessage(shop);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => aWorker(1)).map((submit) => submit(message)),
    );
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await count(shop)).toEqual({ transactions: 1, jobs: 1, stamps: 1 });
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('sees what its neighbours in the batch did, as if each had been committed alone', async () => {
    const shop = await openShop(database.ownerUrl);
    const outcomes = await handle(Array.from({ length: 25 }, () => aPurchaseMessage(shop)));
    const rows = await database.query<{ balance: number; rewards: number }>(
      `SELECT (outcome #>> '{cards,0,balance}')::int AS balance,
              json_array_length(outcome #> '{cards,0,rewardsIssued}') AS rewards
         FROM loyalty.transactions WHERE id = ANY ($1) ORDER BY id`,
      [outcomes.map((o) => toUuid((o as { transactionId: `txn_${string}` }).transactionId))],
    );
    expect(rows.map((row) => row.balance)).toEqual(
      Array.from({ length: 25 }, (_, i) => (i + 1) % 10),
    );
    expect(rows.map((row) => row.rewards).reduce((a, b) => a + b)).toBe(2);
    await assertBooks(database.ownerUrl, shop.businessId);
  });

  test('that fails takes nothing of its batch with it: all or nothing is written', async () => {
    const shop = await openShop(database.ownerUrl);
    const broken = aPurchaseMessage(shop, { customer: { sealedContact: 'not sealed by us' } });
    await expect(handle([aPurchaseMessage(shop), broken])).rejects.toThrow();
    expect(await count(shop)).toEqual({ transactions: 0, jobs: 0, stamps: 0 });
  });

  test('that fails leaves its neighbours their stamps when a worker handles them', async () => {
    const shop = await openShop(database.ownerUrl);
    const submit = aWorker(10);
    const broken = aPurchaseMessage(shop, { customer: { sealedContact: 'not sealed by us' } });
    const results = await Promise.allSettled(
      [aPurchaseMessage(shop), broken, aPurchaseMessage(shop)].map((message) => submit(message)),
    );
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await count(shop)).toEqual({ transactions: 2, jobs: 2, stamps: 2 });
  });
});

describe('two businesses', () => {
  test('with the same card code, phone and external id do not meet', async () => {
    const contact = { kind: 'phone', value: '+351912000000' } as const;
    const known = [{ program: 'Stamps', phone: contact.value }];
    const mine = await openShop(database.ownerUrl, { customers: known });
    const theirs = await openShop(database.ownerUrl, { customers: known });
    await database.query('UPDATE loyalty.cards SET code = $1 WHERE id = ANY ($2)', [
      'the-same-code',
      [mine, theirs].map((shop) => toUuid(shop.cards[0]!.id)),
    ]);
    const sales = (shop: Shop) => [
      aPurchaseMessage(shop, { externalId: '1', customer: { cardCode: 'the-same-code' } }),
      aPurchaseMessage(shop, {
        externalId: '2',
        customer: { sealedContact: sealer.seal(contact) },
      }),
    ];
    const outcomes = await handle([...sales(mine), ...sales(theirs)]);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(4);
    for (const shop of [mine, theirs]) {
      expect(await count(shop)).toEqual({ transactions: 2, jobs: 2, stamps: 2 });
      const rows = await database.query<{ customer_id: string }>(
        'SELECT DISTINCT customer_id FROM loyalty.transactions WHERE business_id = $1',
        [toUuid(shop.businessId)],
      );
      const ids = rows.map((row) => fromUuid('cus', row.customer_id));
      expect(ids).toEqual([shop.cards[0]!.customerId]);
    }
  });

  test('cannot name each other’s customers or stores', async () => {
    const mine = await openShop(database.ownerUrl);
    const theirs = await openShop(database.ownerUrl);
    const { customerId, code } = theirs.cards[0]!;
    const outcomes = await handle([
      aPurchaseMessage(mine, { customer: { customerId } }),
      aPurchaseMessage(mine, { customer: { cardCode: code } }),
      aPurchaseMessage(mine, { storeId: theirs.storeIds[0]! }),
    ]);
    expect(outcomes).toEqual([
      { status: 'declined', code: 'unknown-customer' },
      { status: 'declined', code: 'unknown-card' },
      { status: 'declined', code: 'unknown-store' },
    ]);
    expect(await count(theirs)).toEqual({ transactions: 0, jobs: 0, stamps: 0 });
  });
});

test.each([
  ['a minute short of', 1, 1],
  ['exactly', 0, 2],
])('a once-a-week cap sees a stamp of %s a week ago', async (_, minutesShort, stamps) => {
  const WEEK_MINUTES = 7 * 24 * 60;
  const definition = { ...STAMPS.definition, caps: { minimumMinutesBetween: WEEK_MINUTES } };
  const shop = await openShop(database.ownerUrl, { programs: [{ ...STAMPS, definition }] });
  const now = Date.now();
  const earlier = now - (WEEK_MINUTES - minutesShort) * 60_000;
  for (const at of [earlier, now]) {
    await handle([aPurchaseMessage(shop, { occurredAt: new Date(at).toISOString() })]);
  }
  expect(await count(shop)).toMatchObject({ transactions: 2, stamps });
});

test('a set-up that changed counts from the next batch on', async () => {
  const shop = await openShop(database.ownerUrl);
  await handle([aPurchaseMessage(shop)]);
  await database.query(
    `UPDATE loyalty.program_versions
        SET definition = jsonb_set(definition, '{rules,0,amount}', '"3"') WHERE business_id = $1`,
    [toUuid(shop.businessId)],
  );
  await database.query(
    'UPDATE business.businesses SET config_revision = config_revision + 1 WHERE id = $1',
    [toUuid(shop.businessId)],
  );
  await handle([aPurchaseMessage(shop)]);
  expect(await count(shop)).toMatchObject({ stamps: 1 + 3 });
});
