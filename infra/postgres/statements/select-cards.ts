import type { Statement } from '../statement.ts';

const text = (lock: string) => `
    SELECT c.business_id, c.id, c.program_id, c.customer_id, c.code, c.status, c.balance,
           c.debt, c.sequence, c.version_number, c.active_until
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.customer_id = w.customer_id
                AND c.status <> 'merged'
              ORDER BY c.id OFFSET 0 ${lock}) c`;

/** All cards of some customers, for reading; a merged one is no longer a card of its own. */
export const selectCards: Statement = { name: 'select-cards', text: text('') };

/**
 * The same, locked until the transaction ends. Rows are locked in the order of the parameter, so two
 * batches that share cards queue up instead of deadlocking, if both name customers in id order.
 */
export const lockCards: Statement = { name: 'lock-cards', text: text('FOR UPDATE') };

/**
 * The same for many customers at once, waiting for nobody: of a card that somebody else has locked comes
 * its customer and nothing else (see `isBusy`). Columns are those of the locked row, which may be newer than the one that was found.
 */
export const lockFreeCards: Statement = {
  name: 'lock-free-cards',
  text: `
    SELECT l.business_id, l.id, l.program_id, w.customer_id, l.code, l.status, l.balance, l.debt,
           l.sequence, l.version_number, l.active_until
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
     CROSS JOIN LATERAL (
             SELECT c.id FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.customer_id = w.customer_id
                AND c.status <> 'merged'
              ORDER BY c.id OFFSET 0) c
      LEFT JOIN LATERAL (
             SELECT * FROM loyalty.cards x
              WHERE x.business_id = w.business_id AND x.id = c.id OFFSET 0
             FOR UPDATE SKIP LOCKED) l ON true`,
};

export interface CardRow {
  business_id: string;
  id: string;
  program_id: string;
  customer_id: string;
  code: string;
  status: 'active' | 'blocked' | 'merged' | 'closed';
  balance: number;
  debt: number;
  sequence: number;
  version_number: number;
  active_until: number | null;
}

/** Whether `lockFreeCards` found a card that somebody else has locked. */
export function isBusy(row: CardRow): boolean {
  return (row.id as string | null) === null;
}
