import type { Pool, PoolClient } from 'pg';
import type { BusinessId } from '../../../domain/values/ids.ts';
import { toUuid } from '../ids.ts';
import { inTransaction } from '../pool.ts';
import { runStatement } from '../statement.ts';
import { takeUncounted } from '../statements/count-figures.ts';
import { inBusinesses } from '../tenant.ts';
import { countTransactions, lookAtCards, type Named } from './figures.ts';

const TABLES = [
  'counted',
  'store_hours',
  'customer_days',
  'customers',
  'program_days',
  'promotion_days',
  'rewards',
  'cards',
  'holdings',
];
const PAGE = 2_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Makes a business's figures anew from its books, by the same counting that facts go through. Readers
 * see the old figures until it is done; facts that come meanwhile wait for it.
 * @param pool as regulars_analytics connects
 * @returns how many transactions were counted
 */
export async function rebuildFigures(
  pool: Pool,
  businessId: BusinessId,
  onProgress: (counted: number) => void = () => undefined,
): Promise<number> {
  const business = toUuid(businessId);
  return inBusinesses([businessId], () =>
    inTransaction(pool, async (client) => {
      await client.query({
        text: `SELECT pg_advisory_xact_lock(hashtextextended('figures ' || $1, 0))`,
        values: [business],
      });
      for (const table of TABLES) {
        await client.query(`DELETE FROM analytics.${table} WHERE business_id = $1`, [business]);
      }
      let counted = 0;
      await eachPage(client, { table: 'loyalty.transactions', business }, async (page) => {
        await countTransactions(client, await runStatement<Named>(client, takeUncounted, page));
        counted += page.length;
        onProgress(counted);
      });
      await eachPage(client, { table: 'loyalty.cards', business }, (page) =>
        lookAtCards(client, page),
      );
      return counted;
    }),
  );
}

async function eachPage(
  client: PoolClient,
  of: { table: 'loyalty.transactions' | 'loyalty.cards'; business: string },
  work: (page: readonly Named[]) => Promise<void>,
): Promise<void> {
  let after = FIRST_ID;
  for (;;) {
    const { rows } = await client.query<Named>({
      text: `
        SELECT business_id, id FROM ${of.table}
         WHERE business_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
      values: [of.business, after, PAGE],
    });
    if (rows.length > 0) await work(rows);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) return;
  }
}
