import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { type BusinessId, idPattern } from '../../domain/values/ids.ts';
import { checkFigures } from '../../infra/postgres/analytics/check.ts';
import { rebuildFigures } from '../../infra/postgres/analytics/rebuild.ts';
import { fromUuid } from '../../infra/postgres/ids.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createLog } from '../../infra/telemetry/log.ts';

const USAGE = `Usage: npm run rebuild-analytics -- (--business biz_… | --all) [--check]
Makes the figures anew from the books, in the database in ANALYTICS_DATABASE_URL; readers see the old
ones until a business is done. With --check it changes nothing, says where the figures are not what the
books come to, and exits 1 if anywhere.`;

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

async function* businessesIn(pool: Pool): AsyncGenerator<BusinessId> {
  let after = FIRST_ID;
  for (;;) {
    const { rows } = await pool.query<{ id: string }>(
      'SELECT id FROM app.list_businesses($1, 200) AS id',
      [after],
    );
    for (const { id } of rows) yield fromUuid('biz', id);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

async function* only(id: BusinessId): AsyncGenerator<BusinessId> {
  yield id;
}

/** @returns whether the figures are what the books come to, as far as that was asked */
async function treat(pool: Pool, businessId: BusinessId, isCheck: boolean): Promise<boolean> {
  const say = (text: string) => process.stdout.write(`${businessId}: ${text}\n`);
  if (!isCheck) {
    say(`${await rebuildFigures(pool, businessId)} transactions counted`);
    return true;
  }
  const { differences, uncounted } = await checkFigures(pool, businessId);
  for (const difference of differences) say(difference);
  say(`${differences.length} differences, ${uncounted} transactions not counted yet`);
  return differences.length === 0;
}

/** `npm run rebuild-analytics`: figures are a view of the books, and can be had again. */
async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: { business: { type: 'string' }, all: flag, check: flag },
  });
  const { ANALYTICS_DATABASE_URL: url } = process.env;
  const { business, all, check } = values;
  if (!url || all === (business !== undefined)) throw new Error(USAGE);
  if (business !== undefined && !idPattern('biz').test(business)) throw new Error(USAGE);
  const pool = createPool({
    url,
    applicationName: 'rebuild-analytics',
    maxConnections: 1,
    lockTimeoutMs: 60_000,
    statementTimeoutMs: 300_000,
    // Counting looks rows up by key; a check adds up whole tables.
    ...(check ? { sumsOnly: true } : { lookUpsOnly: true }),
    log: createLog({ process: 'rebuild-analytics', level: 'warn' }),
  });
  try {
    const asked = business as BusinessId | undefined;
    let isRight = true;
    for await (const id of asked ? only(asked) : businessesIn(pool)) {
      isRight = (await treat(pool, id, check)) && isRight;
    }
    if (!isRight) process.exitCode = 1;
  } finally {
    await pool.end();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
