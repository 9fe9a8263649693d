import type { RefundJudgement } from '../../../domain/refunds/decide-refund.ts';
import type { SaleJudgement } from '../../../domain/refunds/judgement.ts';
import type { Receipt } from '../../../domain/earning/purchase.ts';
import type { LotDraw } from '../../../domain/ledger/lots.ts';
import type { Statement } from '../statement.ts';

// A receipt that was claimed earned in its claim, what was held when it was released; cards of a
// merged customer are the survivor's.
const columns = `
           t.id, t.external_id, t.store_id, t.receipt, t.occurred_at, t.claim_code, t.judgement,
           c.id AS later_id, c.judgement AS later_judgement,
           coalesce(u.merged_into, c.customer_id, t.customer_id) AS customer_id`;
const whoseNow = `
      LEFT JOIN LATERAL (
             SELECT * FROM loyalty.transactions c
              WHERE c.business_id = t.business_id AND c.original_id = t.id
                AND c.kind IN ('claim', 'release') LIMIT 1) c ON true
      LEFT JOIN LATERAL (
             SELECT u.merged_into FROM customer.customers u
              WHERE u.business_id = t.business_id
                AND u.id = coalesce(c.customer_id, t.customer_id) OFFSET 0) u ON true`;

/** A sale by our id. */
export const findSaleById: Statement = {
  name: 'find-sale-by-id',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = w.id AND t.kind = 'purchase'
             OFFSET 0) t${whoseNow}`,
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
             OFFSET 0) t${whoseNow}`,
};

export interface SaleRow {
  id: string;
  external_id: string;
  store_id: string;
  customer_id: string | null;
  later_id: string | null;
  later_judgement: SaleJudgement | null;
  claim_code: string | null;
  occurred_at: number;
  receipt: Receipt;
  judgement: SaleJudgement | null;
}

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

/** The cards that carry on for some, or they themselves, and whose those are. */
export const findHomes: Statement = {
  name: 'find-card-homes',
  text: `
    SELECT c.id, h.id AS home, h.customer_id
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT c.id, c.merged_into FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = w.id OFFSET 0) c
     CROSS JOIN LATERAL (
             SELECT h.id, h.customer_id FROM loyalty.cards h
              WHERE h.business_id = w.business_id
                AND h.id = coalesce(c.merged_into, c.id) OFFSET 0) h`,
};

export interface HomeRow {
  id: string;
  home: string;
  customer_id: string;
}

/** What a sale took from a card because it was paid with points. */
export const findSpentPoints: Statement = {
  name: 'find-spent-points',
  text: `
    SELECT p.draws, coalesce(c.merged_into, c.id) AS card_id
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, integration text, external_id text)
     CROSS JOIN LATERAL (
             SELECT t.id FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.integration = w.integration
                AND t.kind = 'reward' AND t.external_id = w.external_id OFFSET 0) t
     CROSS JOIN LATERAL (
             SELECT p.card_id, p.draws FROM loyalty.postings p
              WHERE p.business_id = w.business_id AND p.transaction_id = t.id OFFSET 0) p
     CROSS JOIN LATERAL (
             SELECT c.id, c.merged_into FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = p.card_id OFFSET 0) c`,
};

export interface SpentPointsRow {
  card_id: string;
  draws: LotDraw[];
}
