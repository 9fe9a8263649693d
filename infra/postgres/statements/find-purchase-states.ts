import type { Statement } from '../statement.ts';

/**
 * What already came of some posts: the terminal state of their job, and the transaction that holds
 * their external id; and what whoever served is. One row per post, in order.
 */
export const findPurchaseStates: Statement = {
  name: 'find-purchase-states',
  text: `
    SELECT j.status, j.transaction_id, j.problem,
           t.id AS recorded_id, t.request_hash AS recorded_request_hash,
           CASE WHEN w.staff_id IS NOT NULL THEN coalesce((
             SELECT CASE WHEN s.removed_at IS NULL THEN s.role ELSE 'removed' END
               FROM business.staff s
              WHERE s.business_id = w.business_id AND s.id = w.staff_id), 'unknown') END AS staff
      FROM json_to_recordset($1::json)
           AS w (ordinal integer, business_id uuid, job_id uuid, integration text,
                 external_id text, staff_id uuid)
      LEFT JOIN LATERAL (
             SELECT j.status, j.transaction_id, j.problem FROM loyalty.jobs j
              WHERE j.business_id = w.business_id AND j.id = w.job_id OFFSET 0) j ON true
      LEFT JOIN LATERAL (
             SELECT t.id, t.request_hash FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.integration = w.integration
                AND t.kind = 'purchase' AND t.external_id = w.external_id OFFSET 0) t ON true
     ORDER BY w.ordinal`,
};

export interface PurchaseStateRow {
  /** Null while the job has no terminal state. */
  status: 'completed' | 'declined' | 'failed' | 'waiting' | null;
  transaction_id: string | null;
  problem: { code: string } | null;
  /** Null when nothing holds the external id. */
  recorded_id: string | null;
  recorded_request_hash: string | null;
  /** A role, `removed` or `unknown`; null where nobody is named. */
  staff: string | null;
}
