import { readdir, readFile } from 'node:fs/promises';
import { Client, escapeLiteral } from 'pg';
import { Umzug, type UmzugStorage } from 'umzug';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
// Two launches at once must not both migrate; any constant will do.
const ADVISORY_LOCK = 7_303_014;

/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own.
 * @returns the names of those applied, oldest first
 * @throws Error when the database knows a migration this code does not: a newer release ran there,
 *   and writing with old rules could harm it
 */
export async function migrate(options: { ownerUrl: string }): Promise<string[]> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const storage = storageIn(client);
    const umzug = new Umzug({
      migrations: await listMigrations(client),
      storage,
      logger: undefined,
    });
    await refuseNewer(storage);
    return (await umzug.up()).map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

/** Names of the migrations this code brings, oldest first. */
export async function knownMigrations(): Promise<string[]> {
  const files = await readdir(MIGRATIONS);
  return files.filter((file) => file.endsWith('.sql')).sort();
}

async function listMigrations(client: Client) {
  return (await knownMigrations()).map((name) => ({
    name,
    up: async () => {
      const sql = await readFile(new URL(name, MIGRATIONS), 'utf8');
      // The record commits with the change itself: a crash in between cannot apply it twice.
      const record = `INSERT INTO public.migrations (name) VALUES (${escapeLiteral(name)})`;
      await client.query(`BEGIN; ${sql}; ${record}; COMMIT`);
    },
  }));
}

async function refuseNewer(storage: ReturnType<typeof storageIn>): Promise<void> {
  const known = new Set(await knownMigrations());
  // Asked of the table itself: umzug tells only of executed migrations that it knows.
  const newer = (await storage.executed()).filter((name) => !known.has(name));
  if (newer.length === 0) return;
  const names = newer.join(', ');
  throw new Error(`The database is newer than this code (it has ${names}). Deploy that release.`);
}

function storageIn(client: Client) {
  const create = `CREATE TABLE IF NOT EXISTS public.migrations (
    name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;
  return {
    async executed() {
      await client.query(create);
      const { rows } = await client.query<{ name: string }>(
        'SELECT name FROM public.migrations ORDER BY name',
      );
      return rows.map((row) => row.name);
    },
    // Recorded by the migration's own transaction.
    async logMigration() {},
    async unlogMigration() {
      throw new Error('Migrations only go forward; write a new one.');
    },
  } satisfies UmzugStorage;
}
