import type { Statement } from '../statement.ts';

const text = `
    SELECT c.business_id, c.id, c.program_id, c.customer_id, c.code, c.status, c.balance,
           c.sequence, c.version_number
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
      JOIN loyalty.cards c ON c.business_id = w.business_id AND c.customer_id = w.customer_id
     ORDER BY c.id`;

/** All cards of some customers, for reading. */
export const selectCards: Statement = { name: 'select-cards', text };

/**
 * The same, locked until the transaction ends. PostgreSQL locks in the order of the sort, so two
 * batches that share cards queue up instead of deadlocking.
 */
export const lockCards: Statement = { name: 'lock-cards', text: `${text} FOR UPDATE OF c` };

export interface CardRow {
  business_id: string;
  id: string;
  program_id: string;
  customer_id: string;
  code: string;
  status: 'active' | 'blocked' | 'merged' | 'closed';
  balance: number;
  sequence: number;
  version_number: number;
}
