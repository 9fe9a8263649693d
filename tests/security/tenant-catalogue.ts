import type { TestDatabase } from '../database.ts';

/** A table that holds rows of businesses, and the column that says whose each is. */
export type TenantTable = { readonly name: string; readonly column: string };

/** Every table with a business_id, and the businesses themselves, as the catalogues tell. */
export function tenantTables(database: TestDatabase): Promise<TenantTable[]> {
  return database.query<TenantTable>(`
    SELECT c.oid::regclass::text AS name, a.attname AS column
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p', 'm', 'f')
       AND (a.attname = 'business_id'
            OR (c.oid = 'business.businesses'::regclass AND a.attname = 'id'))
     ORDER BY 1`);
}

/** The rule that app.protect writes, as PostgreSQL tells it back. */
const OWN_BUSINESS = (column: string) =>
  `CASE WHEN (${column} = ANY (( SELECT (string_to_array(NULLIF(current_setting(` +
  `'app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) ` +
  'THEN true ELSE false END';

/** What is wrong with the walls around each table, in words; nothing when all is well. */
export async function findGaps(database: TestDatabase): Promise<string[]> {
  const gaps: string[] = [];
  for (const { name, column } of await tenantTables(database)) {
    const [table] = await database.query<{ enabled: boolean; forced: boolean }>(
      `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced
         FROM pg_catalog.pg_class WHERE oid = $1::regclass`,
      [name],
    );
    if (!table?.enabled || !table.forced) gaps.push(`${name} does not force row-level security`);
    gaps.push(...(await policyGaps(database, name, column)));
    gaps.push(...(await keyGaps(database, name, column)));
  }
  return gaps;
}

async function policyGaps(database: TestDatabase, name: string, column: string) {
  const policies = await database.query<{ name: string; roles: string; rule: string | null }>(
    `SELECT polname AS name, pg_get_expr(polqual, polrelid) AS rule,
            (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ', ')
               FROM unnest(polroles) r) AS roles
       FROM pg_catalog.pg_policy WHERE polrelid = $1::regclass AND polpermissive`,
    [name],
  );
  const own = policies.find((policy) => policy.name === 'own_business');
  const gaps: string[] = [];
  const rule = own?.rule?.replaceAll(/\s+/g, ' ').trim();
  if (own?.roles !== 'PUBLIC' || rule !== OWN_BUSINESS(column)) {
    gaps.push(`${name} lacks the policy own_business: SELECT app.protect('${name}')`);
  }
  for (const policy of policies) {
    if (policy === own || policy.roles === 'regulars_doors') continue;
    gaps.push(`${name} has another way in: ${policy.name} for ${policy.roles}`);
  }
  return gaps;
}

/** Keys see through policies, so a key without the business would tell of another's rows. */
async function keyGaps(database: TestDatabase, name: string, column: string) {
  const keys = await database.query<{ key: string }>(
    `SELECT i.indexrelid::regclass::text AS key FROM pg_catalog.pg_index i
      WHERE i.indrelid = $1::regclass AND i.indisunique
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = i.indexrelid AND a.attname = $2)
     UNION ALL
     SELECT conname FROM pg_catalog.pg_constraint f
      WHERE f.conrelid = $1::regclass AND f.contype = 'f'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                         WHERE a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
                           AND a.attname = $2)`,
    [name, column],
  );
  return keys.map(({ key }) => `${key} of ${name} does not name the business`);
}

// By the first letter of a type's category: https://www.postgresql.org/docs/18/catalog-pg-type.html
const SAMPLE = `
  CASE WHEN t.typname = 'uuid' THEN 'gen_random_uuid()'
       WHEN t.typname IN ('json', 'jsonb') THEN quote_literal('{}') || '::' || t.typname
       WHEN t.typname = 'bytea' THEN 'sha256(gen_random_uuid()::text::bytea)'
       WHEN t.typcategory = 'B' THEN 'true'
       WHEN t.typcategory = 'N' THEN '1'
       WHEN t.typcategory = 'D' THEN 'now()'
       WHEN t.typcategory = 'A' THEN quote_literal('{}')
       ELSE 'left(gen_random_uuid()::text, greatest(a.atttypmod - 4, 3))' END`;

/**
 * Puts a row of each business into every table, whatever the table is: made from the catalogue, so
 * that a table to come is among them. Takes the checks and foreign keys away for it.
 */
export async function fillTables(
  database: TestDatabase,
  businessUuids: readonly string[],
): Promise<void> {
  await database.query(`
    DO $$ DECLARE c record; BEGIN
      FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_catalog.pg_constraint
                WHERE contype IN ('c', 'f') AND conrelid <> 0
                  AND connamespace::regnamespace::text IN ('analytics', 'business', 'customer', 'loyalty')
      LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
    END $$`);
  for (const { name, column } of await tenantTables(database)) {
    const columns = await database.query<{ name: string; sample: string }>(
      `SELECT quote_ident(a.attname) AS name, ${SAMPLE} AS sample
         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attname <> $2 AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''`,
      [name, column],
    );
    const names = [column, ...columns.map((c) => c.name)];
    const samples = [
      'b',
      ...columns.map((c) => c.sample.replace(/greatest\(a\.atttypmod.*?\)/, '3')),
    ];
    await database.query(
      `INSERT INTO ${name} (${names.join(', ')})
       SELECT ${samples.join(', ')} FROM unnest($1::uuid[]) b
           ON CONFLICT DO NOTHING`,
      [businessUuids],
    );
  }
}
