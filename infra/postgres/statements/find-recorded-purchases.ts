import type { Statement } from '../statement.ts';

/** Transactions that already hold an external id. */
export const findRecordedPurchases: Statement = {
  name: 'find-recorded-purchases',
  text: `
    SELECT w.ordinal, t.id, t.request_hash
      FROM json_to_recordset($1::json)
           AS w (ordinal integer, business_id uuid, integration text, external_id text)
     CROSS JOIN LATERAL (
             SELECT t.id, t.request_hash FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.integration = w.integration
                AND t.kind = 'purchase' AND t.external_id = w.external_id OFFSET 0) t`,
};

export interface RecordedPurchaseRow {
  ordinal: number;
  id: string;
  request_hash: string;
}
