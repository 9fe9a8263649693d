import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { aCommandMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, STAMPS } from '../../../tests/journeys/shop.ts';

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

test('a version that is published is told of, once, with the commit that publishes it', async () => {
  const shop = await openShop(database.ownerUrl);
  const worker = createTestHandlers(pool);
  const { id } = shop.programs[0]!;
  const definition = { rules: STAMPS.definition.rules.map((rule) => ({ ...rule })) };
  const draft = { id, expectedRevision: 1, definition };
  const drafted = await worker['draft-version']([aCommandMessage(shop, 'draft-version', draft)]);
  expect(drafted).toMatchObject([{ status: 'completed' }]);
  const publish = aCommandMessage(shop, 'publish-version', { id, expectedRevision: 2 });
  for (let delivery = 0; delivery < 2; delivery += 1) {
    expect(await worker['publish-version']([publish])).toMatchObject([{ status: 'completed' }]);
  }
  const told = await database.query(
    `SELECT e -> 'data' AS data FROM loyalty.outbox o, json_array_elements(o.events::json) e
      WHERE e ->> 'type' = 'program.published'`,
  );
  expect(told).toEqual([{ data: { programId: id, version: 2, from: publish.receivedAt } }]);
});
