import type { Pool } from 'pg';
import type { BusinessId } from '../../../domain/values/ids.ts';
import { toUuid } from '../ids.ts';
import { inTransaction } from '../pool.ts';
import { comparisons, uncounted } from '../statements/check-figures.ts';
import { inBusinesses } from '../tenant.ts';

export interface FiguresCheck {
  /** Where the figures are not what the books come to, a line each; at most ten a comparison. */
  differences: string[];
  /** Transactions whose facts have not been counted yet. */
  uncounted: number;
}

/**
 * Compares a business's figures with its books, as of one moment and without locks.
 * @param pool as regulars_analytics connects
 */
export async function checkFigures(pool: Pool, businessId: BusinessId): Promise<FiguresCheck> {
  const business = toUuid(businessId);
  return inBusinesses([businessId], () =>
    inTransaction(pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await client.query<{ count: number }>(uncounted, [business]);
      const differences: string[] = [];
      for (const [what, text] of Object.entries(comparisons)) {
        const found = await client.query<{ side: string; row: string }>(text, [business]);
        differences.push(...found.rows.map(({ side, row }) => `${what}: only ${side}: ${row}`));
      }
      return { differences, uncounted: rows[0]?.count ?? 0 };
    }),
  );
}
