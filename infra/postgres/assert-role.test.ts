import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { assertDatabaseRole } from './assert-role.ts';

const log = pino({ level: 'silent' });

let database: TestDatabase;
const pools: Pool[] = [];

function poolOf(url: string): Pool {
  const pool = createTestPool(url, { maxConnections: 1 });
  pools.push(pool);
  return pool;
}

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

describe('a process starts', () => {
  test('as the edge and as a worker', async () => {
    await assertDatabaseRole(poolOf(database.edgeUrl), log);
    await assertDatabaseRole(poolOf(database.workerUrl), log);
  });

  test('not as a superuser who owns the tables', async () => {
    const refusal = assertDatabaseRole(poolOf(database.ownerUrl), log);
    await expect(refusal).rejects.toThrow(/superuser or has BYPASSRLS; .* owns .*Connect as/);
  });

  test('not with a table that is open to all businesses', async () => {
    await database.query('ALTER TABLE loyalty.cards NO FORCE ROW LEVEL SECURITY');
    const refusal = assertDatabaseRole(poolOf(database.edgeUrl), log);
    await expect(refusal).rejects.toThrow(/loyalty\.cards has no row-level security/);
  });
});
