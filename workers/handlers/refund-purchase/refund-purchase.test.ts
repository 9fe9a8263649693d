import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import type { SeededBusiness } from '../../../infra/local/seed-business.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { refundPurchase } from '../../../queues/commands/refund-purchase.ts';
import { hashRequest, jobIdFor } from '../../../queues/job-id.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { openShop } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
import type { Handlers } from '../handler.ts';
import type { RefundMessage } from './apply-refund.ts';

let database: TestDatabase;
let business: SeededBusiness;
const pools: Pool[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  business = await openShop(database.ownerUrl, {
    customers: Array.from({ length: 20 }, () => ({ program: 'Stamps' })),
  });
});

afterAll(async () => {
  await assertBooks(database.ownerUrl);
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

/** A worker's handlers on connections of their own. */
function aWorker(): Handlers {
  const pool = createTestPool(database.workerUrl);
  pools.push(pool);
  return createTestHandlers(pool);
}

function aRefundMessage(saleExternalId: string): RefundMessage {
  const now = new Date().toISOString();
  const sale = { externalId: saleExternalId };
  const payload = refundPurchase.payload.parse({
    sale,
    externalId: randomUUID(),
    occurredAt: now,
    full: true,
  });
  const principal = { kind: 'integration', id: 'pos' } as const;
  const { businessId } = business;
  const identity = { businessId, principal, command: refundPurchase.name };
  return {
    id: jobIdFor({ ...identity, key: payload.externalId }),
    type: refundPurchase.name,
    version: refundPurchase.version,
    businessId,
    principal,
    requestHash: hashRequest(payload),
    receivedAt: now,
    payload,
  };
}

test('a refund and its sale that two workers commit at once never miss each other', async () => {
  const [sales, refunds] = [aWorker(), aWorker()];
  const jobs: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const pairs = business.cards.slice(0, 5).map(({ code }) => {
      const sale = aPurchaseMessage(business, { customer: { cardCode: code } });
      return { sale, refund: aRefundMessage(sale.payload.externalId) };
    });
    jobs.push(...pairs.map(({ refund }) => refund.id));
    await Promise.all([
      pause(round % 6).then(() => sales['record-purchase'](pairs.map(({ sale }) => sale))),
      ...pairs.map(({ refund }) => refunds['refund-purchase']([refund])),
    ]);
  }
  const left = await database.query('SELECT status, count(*)::int FROM loyalty.jobs GROUP BY 1');
  expect(left).toEqual([{ status: 'completed', count: jobs.length * 2 }]);
  expect(await database.query('SELECT FROM loyalty.waiting_refunds')).toEqual([]);
  expect(await database.query('SELECT FROM loyalty.cards WHERE balance <> 0 OR debt <> 0')).toEqual(
    [],
  );
});

test('a refund whose worker died before its second look is settled when its message comes again', async () => {
  const worker = aWorker();
  const sale = aPurchaseMessage(business);
  const refund = aRefundMessage(sale.payload.externalId);
  expect(await worker['refund-purchase']([refund])).toEqual([{ status: 'waiting' }]);
  // The sale was committed without a look at the refund, as if both had been under way.
  const [row] = await database.query<{ message: object }>(
    'DELETE FROM loyalty.waiting_refunds WHERE sale_external_id = $1 RETURNING *',
    [sale.payload.externalId],
  );
  await worker['record-purchase']([sale]);
  await database.query(
    `INSERT INTO loyalty.waiting_refunds SELECT * FROM json_populate_record(
       NULL::loyalty.waiting_refunds, $1::json)`,
    [JSON.stringify(row)],
  );
  expect(await worker['refund-purchase']([refund])).toMatchObject([{ status: 'completed' }]);
});
