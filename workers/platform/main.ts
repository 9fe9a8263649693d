import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createPool } from '../../infra/postgres/pool.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import { createBusiness } from './create-business.ts';

const USAGE = `Usage: npm run create-business -- --name NAME --currency EUR --zone Europe/Lisbon
Adds a business to the database in WORKER_DATABASE_URL and prints its id and its first key, which may
set up everything else. The key is shown this once.`;

/** `npm run create-business`: what only the platform may do, and so has no route. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { name: text, currency: text, zone: text } });
  const { WORKER_DATABASE_URL: url } = process.env;
  const { name, currency, zone } = values;
  if (!url || !name || !currency || !zone) throw new Error(USAGE);
  const pool = createPool({
    url,
    applicationName: 'create-business',
    maxConnections: 1,
    lockTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    log: createLog({ process: 'create-business', level: 'warn' }),
  });
  try {
    const created = await createBusiness(pool, { name, defaultCurrency: currency, zone });
    process.stdout.write(`${JSON.stringify(created, undefined, 2)}\n`);
  } finally {
    await pool.end();
  }
}

try {
  await main();
} catch (error) {
  const text = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
