/** The wall between businesses: whatever a statement forgets, PostgreSQL shows it one business. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import type { Sequelize } from 'sequelize';
import type { BusinessId } from '../../domain/values/ids.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { Customer } from '../../infra/postgres/models/models.ts';
import { connectOrm } from '../../infra/postgres/orm.ts';
import { inTransaction } from '../../infra/postgres/pool.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../database.ts';
import { fillTables, findGaps, type TenantTable, tenantTables } from './tenant-catalogue.ts';

const [one, two, three] = [idSource.id('biz'), idSource.id('biz'), idSource.id('biz')] as const;

let database: TestDatabase;
let tables: TenantTable[];
let edge: Pool;
let worker: Pool;
let orm: Sequelize;

beforeAll(async () => {
  database = await createTestDatabase();
  tables = await tenantTables(database);
  // So few connections that every one of them serves all businesses by turns.
  edge = createTestPool(database.edgeUrl, { maxConnections: 1 });
  worker = createTestPool(database.workerUrl, { maxConnections: 2 });
  orm = connectOrm({
    url: database.edgeUrl,
    applicationName: 'test',
    maxConnections: 1,
    connectTimeoutMs: 60_000,
  });
});

afterAll(async () => {
  await Promise.all([edge?.end(), worker?.end(), orm?.close()]);
  await database?.drop();
});

describe('the catalogue', () => {
  test('has every table with a business behind the wall, and its keys within the business', async () => {
    expect(tables.length).toBeGreaterThan(25);
    expect(await findGaps(database)).toEqual([]);
  });

  test('shows a table that somebody forgot, and what to do about it', async () => {
    await database.query(`
      CREATE TABLE loyalty.novelties (business_id uuid NOT NULL, id uuid PRIMARY KEY)`);
    try {
      expect(await findGaps(database)).toEqual([
        'loyalty.novelties does not force row-level security',
        `loyalty.novelties lacks the policy own_business: SELECT app.protect('loyalty.novelties')`,
        'loyalty.novelties_pkey of loyalty.novelties does not name the business',
      ]);
      await database.query(`SELECT app.protect('loyalty.novelties')`);
      expect(await findGaps(database)).toHaveLength(1);
    } finally {
      await database.query('DROP TABLE loyalty.novelties');
    }
  });

  test('has no role of ours that could go around it', async () => {
    const roles = await database.query(`
      SELECT rolname AS role, rolcanlogin AS enters,
             rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS bypasses,
             EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relowner = r.oid) AS owns,
             EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS inherits
        FROM pg_catalog.pg_roles r WHERE rolname LIKE 'regulars\\_%' ORDER BY rolname`);
    const harmless = { bypasses: false, owns: false, inherits: false };
    expect(roles).toEqual([
      { role: 'regulars_analytics', enters: true, ...harmless },
      { role: 'regulars_doors', enters: false, ...harmless },
      { role: 'regulars_edge', enters: true, ...harmless },
      { role: 'regulars_mailer', enters: true, ...harmless },
      { role: 'regulars_worker', enters: true, ...harmless },
    ]);
  });

  test('has these doors in the wall and no others, each for those who need it', async () => {
    const doors = await database.query<{ door: string; opens: string }>(`
      SELECT p.oid::regprocedure::text AS door,
             (SELECT string_agg(a.grantee::regrole::text, ', ') FROM aclexplode(p.proacl) a
               WHERE a.grantee <> p.proowner) AS opens
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       WHERE p.prosecdef AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1`);
    expect(doors).toEqual([
      { door: 'app.claim_backlog(text,integer,integer,interval)', opens: 'regulars_worker' },
      { door: 'app.claim_outbox(integer)', opens: 'regulars_worker' },
      { door: 'app.find_api_key(bytea)', opens: 'regulars_edge' },
      { door: 'app.find_brand_owner(uuid)', opens: 'regulars_edge' },
      { door: 'app.find_customers(text)', opens: 'regulars_edge' },
      { door: 'app.find_due_backlog(text[])', opens: 'regulars_worker' },
      { door: 'app.find_due_webhooks(timestamp with time zone,integer)', opens: 'regulars_worker' },
      { door: 'app.find_invitations(text)', opens: 'regulars_edge' },
      { door: 'app.find_program_owner(uuid)', opens: 'regulars_edge' },
      { door: 'app.find_staff(text)', opens: 'regulars_edge' },
      {
        door: 'app.list_businesses(uuid,integer)',
        opens: 'regulars_worker, regulars_analytics, regulars_edge',
      },
      { door: 'app.measure_outbox()', opens: 'regulars_edge, regulars_worker' },
    ]);
  });
});

describe('with rows of three businesses in every table', () => {
  beforeAll(() => fillTables(database, [one, two, three].map(toUuid)));

  /** Whose rows a query without any condition finds in each table. */
  async function seen(pool: Pool, businesses: readonly BusinessId[] | undefined) {
    const look = async ({ name, column }: TenantTable) => {
      const { rows } = await pool.query<{ owner: string }>(
        `SELECT DISTINCT ${column} AS owner FROM ${name} ORDER BY 1`,
      );
      return [name, rows.map((row) => row.owner)] as const;
    };
    const lookAtAll = async () => Object.fromEntries(await Promise.all(tables.map(look)));
    return businesses ? inBusinesses(businesses, lookAtAll) : lookAtAll();
  }

  const everywhere = (...businesses: readonly BusinessId[]) =>
    Object.fromEntries(tables.map(({ name }) => [name, businesses.map(toUuid).sort()]));

  test.each(['edge', 'worker'])(
    'a query without a condition, as the %s, finds the rows of the businesses named and no more',
    async (role) => {
      const pool = role === 'edge' ? edge : worker;
      expect(await seen(pool, [one])).toEqual(everywhere(one));
      expect(await seen(pool, [one, three])).toEqual(everywhere(one, three));
      expect(await seen(pool, [])).toEqual(everywhere());
      expect(await seen(pool, undefined)).toEqual(everywhere());
    },
  );

  test('a transaction over two businesses finds and changes those of both, and none of a third', async () => {
    const work = () =>
      inTransaction(worker, async (client) => {
        const found = await client.query('SELECT FROM loyalty.cards');
        const removed = await client.query('DELETE FROM loyalty.waiting_refunds');
        await client.query(`SET LOCAL app.business = ''`);
        const unnamed = await client.query('SELECT FROM loyalty.cards');
        return [found.rowCount, removed.rowCount, unnamed.rowCount];
      });
    expect(await inBusinesses([one, two], work)).toEqual([2, 2, 0]);
    expect(await database.query('SELECT business_id FROM loyalty.waiting_refunds')).toEqual([
      { business_id: toUuid(three) },
    ]);
  });

  test('a look-up goes by the index that it would go by without the wall', async () => {
    const plan = await inBusinesses([one], () =>
      inTransaction(worker, async (client) => {
        await client.query('SET LOCAL enable_seqscan = off');
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          'EXPLAIN SELECT FROM loyalty.lots WHERE business_id = $1 AND card_id = $1 AND remaining > 0',
          [toUuid(one)],
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      }),
    );
    expect(plan).toMatch(/Index Cond: .*card_id/);
    expect(plan).not.toMatch(/Index Cond: .*InitPlan/);
  });

  test('by what comes sorted or named, too: nothing of it could tell of rows behind the wall', async () => {
    // What is not leakproof is not asked before the wall's rule, and so of no index.
    const operators = ['=(text,text)', '>=(text,text)', '<(text,text)', '>(text,text)'];
    const more = [
      '>(uuid,uuid)',
      '<=(timestamptz,timestamptz)',
      '>(bigint,integer)',
      '>=(date,date)',
    ];
    const leaky = await database.query(
      `SELECT o FROM unnest($1::text[]) o
        WHERE NOT (SELECT proleakproof FROM pg_catalog.pg_proc p
                    WHERE p.oid = (SELECT oprcode FROM pg_catalog.pg_operator
                                    WHERE oid = o::regoperator))`,
      [[...operators, ...more]],
    );
    expect(leaky).toEqual([]);
  });

  test('a row cannot be written for another business, nor given to one', async () => {
    const values = [toUuid(two), randomUUID()];
    const insert = `INSERT INTO loyalty.outbox (business_id, id, events) VALUES ($1, $2, '[]')`;
    const refused = { code: '42501' };
    await inBusinesses([one], async () => {
      await expect(worker.query(insert, values)).rejects.toMatchObject(refused);
      await expect(
        worker.query('UPDATE loyalty.outbox SET business_id = $1', [toUuid(two)]),
      ).rejects.toMatchObject(refused);
    });
  });

  test('nothing named stays behind on a connection, whatever ended the work before', async () => {
    const count = async (pool: Pool) =>
      (await pool.query('SELECT FROM customer.customers')).rowCount;
    for (const pool of [edge, worker]) {
      expect(await inBusinesses([one], () => count(pool))).toBe(1);
      expect(await count(pool)).toBe(0);
      await expect(inBusinesses([one], () => pool.query('SELECT 1 / 0'))).rejects.toThrow();
      expect(await count(pool)).toBe(0);
      const fails = () =>
        inTransaction(pool, async () => {
          throw new Error('given up');
        });
      await expect(inBusinesses([one], fails)).rejects.toThrow('given up');
      expect(await count(pool)).toBe(0);
    }
  });

  test('those who wait for the same connection each see their own', async () => {
    const ask = async (business: BusinessId) => {
      const named = {
        name: 'who',
        text: 'SELECT id FROM business.businesses WHERE $1',
        values: [true],
      };
      const { rows } = await edge.query<{ id: string }>(named);
      return rows.map((row) => row.id).join() === toUuid(business);
    };
    const all = Array.from({ length: 100 }, (_, i) => [one, two, three][i % 3]!);
    const answers = await Promise.all(all.map((b) => inBusinesses([b], () => ask(b))));
    expect(answers).not.toContain(false);
  });

  test('the models find what is of the business named, and nothing without one', async () => {
    const find = async () => (await Customer.findAll()).map((row) => row.businessId);
    expect(await find()).toEqual([]);
    const all = Array.from({ length: 30 }, (_, i) => [one, two, three][i % 3]!);
    const found = await Promise.all(all.map((b) => inBusinesses([b], find)));
    expect(found).toEqual(all.map((b) => [toUuid(b)]));
    expect((await inBusinesses([one, two], find)).sort()).toEqual([one, two].map(toUuid).sort());
    expect(await find()).toEqual([]);
  });
});
