import { Client } from 'pg';

/** The committed dump: what all migrations together make. */
export const committedSchema = new URL('schema.sql', import.meta.url);

const HEADER = `-- What the migrations make, written from the catalogs: do not edit, run "npm run schema".
-- A migration's review shows its effect here.
`;

/**
 * Writes a database's schema as SQL: tables with their columns, defaults and constraints, indexes,
 * triggers, policies, functions, roles and grants, in an order that depends on nothing but names.
 * @throws Error when the database holds a kind of object that the dump would leave out
 */
export async function dumpSchema(options: { ownerUrl: string }): Promise<string> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    // Definitions name a table by its schema only where it is not on the path.
    await client.query(`SET search_path TO ''`);
    await refuseUnknownKinds(client);
    const sections = ['roles', 'schemas', 'functions', 'tables'] as const;
    const parts = [HEADER];
    for (const section of sections) {
      parts.push(`-- ${section} ${'-'.repeat(96 - section.length)}\n`);
      parts.push(`${(await dumpers[section](client)).join(BETWEEN[section])}\n`);
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

const BETWEEN = { roles: '\n', schemas: '\n', functions: '\n\n', tables: '\n\n' };

const OURS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

async function refuseUnknownKinds(client: Client): Promise<void> {
  const { rows } = await client.query<{ what: string }>(`
    SELECT format('%s %I.%I', c.relkind, n.nspname, c.relname) AS what
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND c.relkind NOT IN ('r', 'i')
    UNION ALL
    SELECT format('type %I.%I', n.nspname, t.typname)
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     WHERE ${OURS} AND t.typtype IN ('d', 'e', 'm')`);
  if (rows.length === 0) return;
  throw new Error(`the dump would leave out ${rows.map((row) => row.what).join(', ')}: teach it`);
}

type Dumper = (client: Client) => Promise<string[]>;

const dumpers: Record<'roles' | 'schemas' | 'functions' | 'tables', Dumper> = {
  async roles(client) {
    return lines(
      client,
      `SELECT format('CREATE ROLE %I %s;', rolname, concat_ws(' ',
                CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END)) AS line
         FROM pg_catalog.pg_roles
        WHERE rolname LIKE 'regulars\\_%' ORDER BY rolname`,
    );
  },

  async schemas(client) {
    const created = await lines(
      client,
      `SELECT format('CREATE SCHEMA %I;', n.nspname) AS line FROM pg_catalog.pg_namespace n
        WHERE ${OURS} AND n.nspname <> 'public' ORDER BY n.nspname`,
    );
    const granted = await lines(
      client,
      `SELECT format('GRANT %s ON SCHEMA %I TO %I;',
                string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type), n.nspname, r.rolname)
                AS line
         FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) a
         JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE ${OURS} AND a.grantee <> n.nspowner AND r.rolname NOT LIKE 'pg\\_%'
        GROUP BY n.nspname, r.rolname ORDER BY n.nspname, r.rolname`,
    );
    const defaults = await lines(
      client,
      `SELECT format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT %s ON %s TO %I;', n.nspname,
                string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type),
                CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'f' THEN 'FUNCTIONS'
                  WHEN 'S' THEN 'SEQUENCES' ELSE d.defaclobjtype::text END, r.rolname) AS line
         FROM pg_catalog.pg_default_acl d
         JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
         JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE ${OURS} AND a.grantee <> d.defaclrole
        GROUP BY n.nspname, d.defaclobjtype, r.rolname
        ORDER BY n.nspname, d.defaclobjtype, r.rolname`,
    );
    return [...created, ...granted, ...defaults];
  },

  async functions(client) {
    // Whose rights one has, and who may call it, is what matters most of a SECURITY DEFINER.
    return lines(
      client,
      `SELECT concat_ws(E'\n', concat(rtrim(pg_get_functiondef(p.oid)), ';'),
                CASE WHEN p.prosecdef THEN
                  format('ALTER FUNCTION %s OWNER TO %I;', p.oid::regprocedure, o.rolname) END,
                (SELECT string_agg(format('GRANT EXECUTE ON FUNCTION %s TO %s;', p.oid::regprocedure,
                          coalesce(quote_ident(r.rolname), 'PUBLIC')), E'\n' ORDER BY r.rolname)
                   FROM aclexplode(p.proacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
                  WHERE a.grantee <> p.proowner)) AS line
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
        WHERE ${OURS} AND p.prokind IN ('f', 'p')
        ORDER BY n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)`,
    );
  },

  async tables(client) {
    const { rows } = await client.query<{ oid: number; name: string; options: string | null }>(`
      SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name,
             array_to_string(c.reloptions, ', ') AS options
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE ${OURS} AND c.relkind = 'r' ORDER BY n.nspname, c.relname`);
    const texts: string[] = [];
    for (const table of rows) {
      const body = [
        ...(await lines(client, COLUMNS, table.oid)),
        ...(await lines(client, CONSTRAINTS, table.oid)),
      ];
      const options = table.options === null ? '' : ` WITH (${table.options})`;
      const around: string[] = [];
      for (const query of [INDEXES, TRIGGERS, ROW_SECURITY, TABLE_GRANTS, COLUMN_GRANTS]) {
        around.push(...(await lines(client, query, table.oid)));
      }
      const create = `CREATE TABLE ${table.name} (\n  ${body.join(',\n  ')}\n)${options};`;
      texts.push([create, ...around].join('\n'));
    }
    return texts;
  },
};

const COLUMNS = `
  SELECT concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
           (SELECT concat('COLLATE ', quote_ident(l.collname)) FROM pg_catalog.pg_collation l
             WHERE l.oid = a.attcollation AND l.collname <> 'default' AND t.typname = 'text'),
           CASE WHEN a.attnotnull THEN 'NOT NULL' END,
           'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

// Not-null constraints ('n', from PostgreSQL 18 on) stand with their columns.
const CONSTRAINTS = `
  SELECT format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS line
    FROM pg_catalog.pg_constraint
   WHERE conrelid = $1 AND contype <> 'n'
   ORDER BY position(contype::text IN 'pufcx'), conname`;

const INDEXES = `
  SELECT concat(pg_get_indexdef(i.indexrelid), ';') AS line
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
   WHERE i.indrelid = $1
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = i.indexrelid
                        AND contype IN ('p', 'u', 'x'))
   ORDER BY c.relname`;

const TRIGGERS = `
  SELECT concat(pg_get_triggerdef(oid), ';') AS line FROM pg_catalog.pg_trigger
   WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY tgname`;

const ROW_SECURITY = `
  SELECT format('ALTER TABLE %s %s ROW LEVEL SECURITY;', $1::oid::regclass, mode) AS line
    FROM pg_catalog.pg_class, (VALUES ('ENABLE'), ('FORCE')) AS m (mode)
   WHERE oid = $1 AND CASE mode WHEN 'ENABLE' THEN relrowsecurity ELSE relforcerowsecurity END
  UNION ALL
  SELECT concat_ws(' ', format('CREATE POLICY %I ON %s', polname, $1::oid::regclass),
           CASE WHEN polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END,
           'FOR ' || CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
             WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           'TO ' || (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END,
                              ', ' ORDER BY role::regrole::text) FROM unnest(polroles) role),
           'USING (' || pg_get_expr(polqual, polrelid) || ')',
           'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')') || ';'
    FROM pg_catalog.pg_policy WHERE polrelid = $1
   ORDER BY line`;

const TABLE_GRANTS = `
  SELECT format('GRANT %s ON %s TO %I;',
           string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type), $1::oid::regclass,
           coalesce(r.rolname, 'public')) AS line
    FROM pg_catalog.pg_class c, aclexplode(c.relacl) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
   WHERE c.oid = $1 AND a.grantee <> c.relowner
   GROUP BY r.rolname ORDER BY line`;

const COLUMN_GRANTS = `
  SELECT format('GRANT %s (%s) ON %s TO %I;', a.privilege_type,
           string_agg(quote_ident(t.attname), ', ' ORDER BY t.attnum), $1::oid::regclass,
           coalesce(r.rolname, 'public')) AS line
    FROM pg_catalog.pg_attribute t, aclexplode(t.attacl) a
    LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
   WHERE t.attrelid = $1
   GROUP BY a.privilege_type, r.rolname ORDER BY line`;

async function lines(client: Client, query: string, table?: number): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(query, table === undefined ? [] : [table]);
  return rows.map((row) => row.line);
}
