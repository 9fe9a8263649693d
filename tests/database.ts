import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import pino from 'pino';
import { createPool } from '../infra/postgres/pool.ts';

/** A database of its own for one test file, with the schema and nothing in it. */
export type TestDatabase = {
  /** May do everything. */
  readonly ownerUrl: string;
  /** As the edge connects: reads. */
  readonly edgeUrl: string;
  /** As workers and relay connect. */
  readonly workerUrl: string;
  /** As the function that counts connects. */
  readonly analyticsUrl: string;
  /** As the function email connects. */
  readonly mailerUrl: string;
  /** Runs a statement as the owner. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
  drop(): Promise<void>;
};

const MAINTENANCE = 'postgres';

/** Copies the migrated template, which takes a fraction of the time that migrating does. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(MAINTENANCE, `CREATE DATABASE ${name} TEMPLATE regulars_template`);
  const ownerUrl = urlOf(name);
  return {
    ownerUrl,
    edgeUrl: urlOf(name, 'regulars_edge'),
    workerUrl: urlOf(name, 'regulars_worker'),
    analyticsUrl: urlOf(name, 'regulars_analytics'),
    mailerUrl: urlOf(name, 'regulars_mailer'),
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      const client = new Client({ connectionString: ownerUrl });
      await client.connect();
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    drop: () => asOwner(MAINTENANCE, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** An empty database, without even the schema. */
export async function createEmptyDatabase(): Promise<{ ownerUrl: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(MAINTENANCE, `CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    ownerUrl: urlOf(name),
    drop: () => asOwner(MAINTENANCE, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** The product's own pool on a test database, small, and patient: a machine may be busy. */
export function createTestPool(
  url: string,
  over: { maxConnections?: number; sumsOnly?: boolean; lookUpsOnly?: boolean } = {},
): Pool {
  return createPool({
    url,
    applicationName: 'test',
    maxConnections: 4,
    connectTimeoutMs: 60_000,
    ...over,
    lockTimeoutMs: 30_000,
    statementTimeoutMs: 60_000,
    log: pino({ level: 'silent' }),
  });
}

/** The Redis that test files share; each keeps to a prefix of its own. */
export function testRedis(): { url: string; prefix: string } {
  return { url: required('TEST_REDIS_URL'), prefix: `test-${randomBytes(6).toString('hex')}` };
}

async function asOwner(database: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: urlOf(database) });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(database: string, user?: string): string {
  const url = new URL(required('TEST_POSTGRES_URL'));
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  return url.href;
}

function required(name: 'TEST_POSTGRES_URL' | 'TEST_REDIS_URL'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run tests with npm test`);
  return value;
}
