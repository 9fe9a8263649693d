/** Writes infra/postgres/schema.sql from a database that the migrations have just made. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../infra/local/postgres.ts';
import { committedSchema, dumpSchema } from '../../infra/postgres/dump-schema.ts';
import { migrate } from '../../infra/postgres/migrate.ts';

const dir = mkdtempSync(join(tmpdir(), 'regulars-schema-'));
// PostgreSQL does not run as root, so its user must be able to pass through.
chmodSync(dir, 0o711);
const postgres = await startPostgres({ dataDir: dir, durable: false });
try {
  await migrate({ ownerUrl: postgres.url });
  writeFileSync(committedSchema, await dumpSchema({ ownerUrl: postgres.url }));
} finally {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
