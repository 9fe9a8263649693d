import type { Statement } from '../statement.ts';

const columns = `w.business_id, w.job_id, w.integration, w.sale_external_id, w.message,
           w.received_at, w.due_at`;

/** Keeps refunds until their sale comes; how long is the business's to say. */
export const insertWaitingRefunds: Statement = {
  name: 'insert-waiting-refunds',
  text: `
    INSERT INTO loyalty.waiting_refunds (business_id, job_id, integration, sale_external_id,
                                         message, received_at, due_at)
    SELECT r.business_id, r.job_id, r.integration, r.sale_external_id, r.message, r.received_at,
           r.received_at + make_interval(days => b.refund_wait_days)
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, job_id uuid, integration text, sale_external_id text,
                 message json, received_at timestamptz)
      JOIN business.businesses b ON b.id = r.business_id
        ON CONFLICT (business_id, job_id) DO NOTHING`,
};

/** Takes hold of waiting refunds by job. */
export const takeWaitingRefunds: Statement = {
  name: 'take-waiting-refunds',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS k (business_id uuid, job_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.waiting_refunds w
              WHERE w.business_id = k.business_id AND w.job_id = k.job_id
             OFFSET 0 FOR UPDATE) w`,
};

/** Refunds whose time is up, or whose sale is there after all, the oldest first. */
export const findRipeRefunds: Statement = {
  name: 'find-ripe-refunds',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS k (business_id uuid, now timestamptz, size integer)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.waiting_refunds w
              WHERE w.business_id = k.business_id
                AND (w.due_at <= k.now OR EXISTS (
                      SELECT FROM loyalty.transactions t
                       WHERE t.business_id = w.business_id AND t.integration = w.integration
                         AND t.kind = 'purchase' AND t.external_id = w.sale_external_id))
              ORDER BY w.received_at, w.job_id LIMIT k.size) w`,
};

export interface WaitingRefundRow {
  business_id: string;
  job_id: string;
  integration: string;
  sale_external_id: string;
  message: object;
  received_at: number;
  due_at: number;
}

export const deleteWaitingRefunds: Statement = {
  name: 'delete-waiting-refunds',
  text: `
    DELETE FROM loyalty.waiting_refunds w
     USING json_to_recordset($1::json) AS k (business_id uuid, job_id uuid)
     WHERE w.business_id = k.business_id AND w.job_id = k.job_id`,
};

/**
 * Tries to take a sale's place in the unique index. Where another transaction is just recording the
 * sale this waits for its end. Always rolled back to a savepoint.
 */
export const holdSalesPlace: Statement = {
  name: 'hold-sales-place',
  text: `
    INSERT INTO loyalty.transactions (business_id, id, kind, integration, external_id,
                                      request_hash, store_id, status, occurred_at, received_at,
                                      business_date, receipt, outcome)
    SELECT business_id, gen_random_uuid(), 'purchase', integration, external_id, '', NULL,
           'recorded', now(), now(), current_date, '{}', '{}'
      FROM json_to_recordset($1::json)
           AS k (business_id uuid, integration text, external_id text)
        ON CONFLICT (business_id, integration, kind, external_id) DO NOTHING`,
};
