import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { openShop } from '../../tests/journeys/shop.ts';
import { idSource } from '../ids/id-source.ts';
import { toUuid } from './ids.ts';
import { inTransaction } from './pool.ts';
import { inBusinesses } from './tenant.ts';
import { createWebhookBooks } from './webhook-books.ts';
import { createWebhookQueue } from './webhook-queue.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const LATER = NOW + 3_600_000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

test.each([
  ['fails', 'pending', LATER, 1],
  ['arrives', 'delivered', null, 0],
] as const)(
  'what is to be sent again while a try is under way that %s is due as it was told, unless it has arrived',
  async (_, status, dueAt, due) => {
    const { businessId } = await openShop(database.ownerUrl, { customers: [] });
    const target = { businessId, endpointId: idSource.id('whe') };
    await database.query(
      `INSERT INTO business.webhook_endpoints (business_id, id, name, url, secret)
       VALUES ($1, $2, 'Stock', 'https://stock.example', '')`,
      [toUuid(businessId), toUuid(target.endpointId)],
    );
    const change = (
      work: (books: ReturnType<typeof createWebhookBooks>) => Promise<unknown>,
    ): Promise<unknown> =>
      inBusinesses([businessId], () =>
        inTransaction(pool, (client) => work(createWebhookBooks(client))),
      );
    const queue = createWebhookQueue(pool, idSource);
    const [id, at] = [idSource.id('evt'), NOW];
    const failed = {
      target,
      id,
      status: 'pending',
      failure: 'timed-out',
      at,
      attempt: {},
    } as const;

    await change((books) => books.add(target, { id, type: 'webhook.test', body: '{}' }, at));
    await queue.settle({ ...failed, tries: 0, dueAt: at });
    const [second] = await queue.due(target, at, 10);
    expect(second).toMatchObject({ id, tries: 1 });

    await change((books) => books.resend(target, { id }, at));
    await queue.settle({ ...failed, tries: second!.tries, status, dueAt });
    expect(await queue.due(target, at, 10)).toHaveLength(due);
  },
);
