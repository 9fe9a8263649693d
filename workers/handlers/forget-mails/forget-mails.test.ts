import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { idSource } from '../../../infra/ids/id-source.ts';
import { createDueBusinesses } from '../../../infra/postgres/due-businesses.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { aCommandMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';

const BEFORE = '2026-08-24T08:00:00.000Z';
const A_MOMENT_SOONER = '2026-08-24T07:59:59.999Z';

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

/** As many mails and announcements at each of these times. */
async function keep(shop: Shop, times: readonly string[], count = 1): Promise<void> {
  await database.query(
    `WITH mails AS (
       INSERT INTO business.mails
       SELECT $1, gen_random_uuid(), $2, 'welcome', 'sent', NULL, at, at
         FROM unnest($3::timestamptz[]) at, generate_series(1, $4))
     INSERT INTO loyalty.announcements
     SELECT $1, 'expiry', gen_random_uuid(), at FROM unnest($3::timestamptz[]) at`,
    [toUuid(shop.businessId), toUuid(idSource.id('cus')), times, count],
  );
}

async function kept(shop: Shop): Promise<object> {
  const [row] = await database.query<Record<'mails' | 'announcements', number>>(
    `SELECT (SELECT count(*)::int FROM business.mails WHERE business_id = $1) AS mails,
            (SELECT count(*)::int FROM loyalty.announcements WHERE business_id = $1) AS announcements`,
    [toUuid(shop.businessId)],
  );
  return { ...row };
}

test('what was sent is forgotten when nobody can tell of it again, however much it is', async () => {
  const shop = await openShop(database.ownerUrl);
  const other = await openShop(database.ownerUrl);
  await keep(other, [A_MOMENT_SOONER]);
  await keep(shop, [BEFORE]);
  const dueAt = createDueBusinesses(pool);
  const due = () => dueAt('forget-mails', Date.parse(BEFORE));
  expect(await due()).toEqual([other.businessId]);
  await keep(shop, [A_MOMENT_SOONER], 2_001);
  expect(await due()).toContain(shop.businessId);

  const handle = createTestHandlers(pool)['forget-mails'];
  await handle([aCommandMessage(shop, 'forget-mails', { before: BEFORE })]);
  expect(await kept(shop)).toEqual({ mails: 1, announcements: 1 });
  expect(await kept(other)).toEqual({ mails: 1, announcements: 1 });
  expect(await due()).toEqual([other.businessId]);
});
