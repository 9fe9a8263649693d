import type { Pool } from 'pg';
import type { BusinessId, CustomerId, TransactionId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { inBusinesses } from './tenant.ts';

/** A transaction with its document, as the log keeps it. */
export interface LoggedTransaction {
  id: TransactionId;
  businessId: BusinessId;
  kind: string;
  customerId: CustomerId | null;
  storeId: string | null;
  occurredAt: Instant;
  businessDate: string;
  receipt: unknown;
  outcome: unknown;
}

interface Row {
  id: string;
  business_id: string;
  kind: string;
  customer_id: string | null;
  store_id: string | null;
  occurred_at: number;
  business_date: string;
  receipt: unknown;
  outcome: unknown;
}

/** Those who were erased keep no documents but the books'. */
const loadForLog = {
  name: 'load-documents-for-log',
  text: `
    SELECT t.id, t.business_id, t.kind, t.customer_id, t.store_id, t.occurred_at, t.business_date,
           t.receipt, t.outcome
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = w.id OFFSET 0) t
      LEFT JOIN LATERAL (
             SELECT c.erased_at FROM customer.customers c
              WHERE c.business_id = t.business_id AND c.id = t.customer_id OFFSET 0) c ON true
     WHERE c.erased_at IS NULL`,
};

const findMerged = {
  name: 'find-merged-into',
  text: `
    SELECT id FROM customer.customers WHERE business_id = $1 AND (id = $2 OR merged_into = $2)
     ORDER BY id`,
};

/** What the log of transactions is written from. */
export function createLogSource(pool: Pool) {
  return {
    /** The transactions among these rows of the outbox; some rows are facts that are none. */
    load(rows: readonly { id: string; businessId: string }[]): Promise<LoggedTransaction[]> {
      const businesses = rows.map((row) => row.businessId as BusinessId);
      return inBusinesses(businesses, async () => {
        const wanted = rows.map((row) => ({
          business_id: toUuid(row.businessId as BusinessId),
          id: toUuid(row.id as TransactionId),
        }));
        const found = await pool.query<Row>({ ...loadForLog, values: [JSON.stringify(wanted)] });
        return found.rows.map((row) => ({
          id: fromUuid('txn', row.id),
          businessId: fromUuid('biz', row.business_id),
          kind: row.kind,
          customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
          storeId: row.store_id === null ? null : fromUuid('sto', row.store_id),
          occurredAt: row.occurred_at,
          businessDate: row.business_date,
          receipt: row.receipt,
          outcome: row.outcome,
        }));
      });
    },

    /** Somebody, and whoever was merged into them. */
    findMerged(businessId: string, customerId: string): Promise<string[]> {
      return inBusinesses([businessId as BusinessId], async () => {
        const values = [toUuid(businessId as BusinessId), toUuid(customerId as CustomerId)];
        const { rows } = await pool.query<{ id: string }>({ ...findMerged, values });
        return rows.map((row) => fromUuid('cus', row.id));
      });
    },
  };
}

export type LogSource = ReturnType<typeof createLogSource>;
