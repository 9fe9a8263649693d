import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { committedSchema, dumpSchema } from '../../infra/postgres/dump-schema.ts';
import { knownMigrations, migrate } from '../../infra/postgres/migrate.ts';
import { createEmptyDatabase } from '../database.ts';

let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let client: Client;

beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('the migrations', () => {
  test('are each applied once, also when two launches migrate at the same moment', async () => {
    const { ownerUrl } = database;
    const applied = await Promise.all([migrate({ ownerUrl }), migrate({ ownerUrl })]);
    expect(applied.flat()).toEqual(await knownMigrations());
    expect(await migrate({ ownerUrl })).toEqual([]);
  });

  test('make the schema that is committed (npm run schema writes it)', async () => {
    expect(await dumpSchema(database)).toBe(readFileSync(committedSchema, 'utf8'));
  });

  test('refuse a database that a newer release has changed', async () => {
    await client.query(`INSERT INTO public.migrations (name) VALUES ('9999-from-the-future.sql')`);
    await expect(migrate(database)).rejects.toThrow(/newer than this code.*9999-from-the-future/);
    await client.query(`DELETE FROM public.migrations WHERE name LIKE '9999%'`);
  });
});

describe('the dump', () => {
  test('shows columns, defaults, checks, grants, triggers and policies', async () => {
    const before = await dumpSchema(database);
    await client.query(`
      ALTER TABLE loyalty.lots ADD COLUMN note text DEFAULT 'none' CHECK (note <> '');
      GRANT UPDATE (note) ON loyalty.lots TO regulars_worker;
      CREATE POLICY mine ON loyalty.lots FOR SELECT TO regulars_edge USING (remaining > 0);
      CREATE TRIGGER lots_append_only BEFORE TRUNCATE ON loyalty.lots
        FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit()`);
    // A line that is now followed by another one has gained a comma.
    const lines = (dump: string) => dump.split('\n').map((line) => line.trim().replace(/,$/, ''));
    const known = new Set(lines(before));
    const added = lines(await dumpSchema(database)).filter((line) => !known.has(line));
    expect(added).toEqual([
      "note text DEFAULT 'none'::text",
      "CONSTRAINT lots_note_check CHECK ((note <> ''::text))",
      'CREATE TRIGGER lots_append_only BEFORE TRUNCATE ON loyalty.lots FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();',
      'CREATE POLICY mine ON loyalty.lots AS PERMISSIVE FOR SELECT TO regulars_edge USING ((remaining > 0));',
      'GRANT UPDATE (card_id, remaining, note) ON loyalty.lots TO regulars_worker;',
    ]);
  });

  test('refuses to leave out what it does not know', async () => {
    await client.query('CREATE VIEW loyalty.everything AS SELECT 1');
    await expect(dumpSchema(database)).rejects.toThrow(/leave out v loyalty\.everything/);
  });
});
