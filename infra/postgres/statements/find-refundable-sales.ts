import type { RefundJudgement } from '../../../domain/refunds/decide-refund.ts';
import type { SaleJudgement } from '../../../domain/refunds/judgement.ts';
import type { Receipt } from '../../../domain/earning/purchase.ts';
import type { Statement } from '../statement.ts';

const columns = 't.id, t.external_id, t.store_id, t.customer_id, t.receipt, t.judgement';

/** A sale by our id. */
export const findSaleById: Statement = {
  name: 'find-sale-by-id',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = w.id AND t.kind = 'purchase'
             OFFSET 0) t`,
};

/** A sale by the till's own id. */
export const findSaleByExternalId: Statement = {
  name: 'find-sale-by-external-id',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, integration text, external_id text)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.integration = w.integration
                AND t.kind = 'purchase' AND t.external_id = w.external_id
             OFFSET 0) t`,
};

export interface SaleRow {
  id: string;
  external_id: string;
  store_id: string;
  customer_id: string | null;
  receipt: Receipt;
  judgement: SaleJudgement | null;
}

/** What judged a sale that was held, once it was approved. */
export const findReleasedJudgement: Statement = {
  name: 'find-released-judgement',
  text: `
    SELECT r.judgement
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT r.judgement FROM loyalty.transactions r
              WHERE r.business_id = w.business_id AND r.original_id = w.id
                AND r.kind = 'release' OFFSET 0) r`,
};

/** The refund that holds an external id. */
export const findRefund: Statement = {
  name: 'find-refund',
  text: `
    SELECT t.id, t.request_hash, t.outcome
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, integration text, external_id text)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.integration = w.integration
                AND t.kind = 'refund' AND t.external_id = w.external_id
             OFFSET 0) t`,
};

export interface RefundRow {
  id: string;
  request_hash: string;
  outcome: object;
}

/** What was refunded of a sale before. */
export const findPastRefunds: Statement = {
  name: 'find-past-refunds',
  text: `
    SELECT t.judgement
      FROM json_to_recordset($1::json) AS w (business_id uuid, original_id uuid)
     CROSS JOIN LATERAL (
             SELECT t.id, t.judgement FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.original_id = w.original_id
                AND t.kind = 'refund' OFFSET 0) t
     ORDER BY t.id`,
};

export interface PastRefundRow {
  judgement: RefundJudgement;
}
