import type { PoolClient } from 'pg';
import type { PromotionBooks, PromotionFields } from '../../domain/promotions/books.ts';
import type { Edition } from '../../domain/promotions/promotion.ts';
import { toUuid } from './ids.ts';
import { parseEdition, storeEdition } from './promotion-definition.ts';
import { createRecords, idOf, plain, type RecordTable } from './records.ts';

const promotions: RecordTable<PromotionFields> = {
  name: 'loyalty.promotions',
  columns: {
    programId: idOf('prg'),
    status: plain,
    definition: plain,
    editions: {
      toColumn: (editions: Edition[]) => editions.map(storeEdition),
      toField: (stored: unknown[]) => stored.map(parseEdition),
    },
  },
};

/** Promotions and their budgets, bound to one transaction's connection. */
export function createPromotionBooks(client: PoolClient): PromotionBooks {
  return {
    records: createRecords(client, promotions),
    async setBudget(businessId, id, ceiling) {
      const { rowCount } = await client.query(
        `INSERT INTO loyalty.counters AS c (business_id, key, ceiling) VALUES ($1, $2, $3)
             ON CONFLICT (business_id, key) DO UPDATE SET ceiling = excluded.ceiling
          WHERE c.used <= excluded.ceiling`,
        [toUuid(businessId), `budget:${id}`, ceiling],
      );
      return rowCount === 1;
    },
  };
}
