import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { isConnectionError } from './pool.ts';

const OLDEST_VERSION = 150_000;

interface Role {
  role: string;
  version: number;
  bypasses: boolean;
  owns: string | null;
  unprotected: string | null;
}

/**
 * Refuses a role that the wall between businesses would not hold: one that owns a table of ours or
 * could become its owner, a superuser, one with BYPASSRLS; and a database with a table that is not
 * behind it.
 * With the database away it says so and lets the process start: sales are taken all the same.
 * @throws Error saying what is wrong and what is right
 */
export async function assertDatabaseRole(pool: Pool, log: Logger): Promise<void> {
  try {
    const wrong = await findFaults(pool);
    if (wrong.length === 0) return;
    throw new Error(
      `The database would not keep businesses apart: ${wrong.join('; ')}. ` +
        'Connect as regulars_edge, regulars_worker or regulars_analytics, to PostgreSQL 15 or later, migrated.',
    );
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    log.warn({ err: error }, 'the database is away, so its role was not looked at');
  }
}

async function findFaults(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Role>(`
    WITH ours AS (
      SELECT c.oid::regclass::text AS name, c.relowner, c.relforcerowsecurity,
             EXISTS (SELECT FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attname = 'business_id') AS of_business
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('analytics', 'business', 'customer', 'loyalty'))
    SELECT current_user AS role, current_setting('server_version_num')::integer AS version,
           r.rolsuper OR r.rolbypassrls AS bypasses,
           (SELECT min(name) FROM ours WHERE pg_has_role(r.oid, relowner, 'MEMBER')) AS owns,
           (SELECT min(name) FROM ours WHERE of_business AND NOT relforcerowsecurity) AS unprotected
      FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`);
  const [found] = rows;
  if (!found) throw new Error('the database does not know its own role');
  const wrong: string[] = [];
  if (found.bypasses) wrong.push(`${found.role} is a superuser or has BYPASSRLS`);
  if (found.owns !== null) wrong.push(`${found.role} owns ${found.owns}, or is of its owner`);
  if (found.unprotected !== null) wrong.push(`${found.unprotected} has no row-level security`);
  if (found.version < OLDEST_VERSION) wrong.push(`the server is ${found.version}`);
  return wrong;
}
