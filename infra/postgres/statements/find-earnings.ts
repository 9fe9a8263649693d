import type { Statement } from '../statement.ts';

/**
 * What some cards were given within a time window, for caps: less what refunds of those sales took
 * back, so that a sale that was voided and rung up again finds the room it gave up. What offers gave
 * takes no room.
 */
export const findEarnings: Statement = {
  name: 'find-earnings',
  text: `
    SELECT p.card_id, p.occurred_at, p.business_date, p.amount - refunded.amount AS amount
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, card_id uuid, since timestamptz, until timestamptz)
     CROSS JOIN LATERAL (
             SELECT p.business_id, p.transaction_id, p.card_id, p.occurred_at, p.business_date,
                    p.amount
               FROM loyalty.postings p
              WHERE p.business_id = w.business_id AND p.card_id = w.card_id
                AND p.occurred_at BETWEEN w.since AND w.until
                AND p.from_account = 'issued'
                AND NOT EXISTS (SELECT FROM loyalty.transactions t
                                 WHERE t.business_id = p.business_id AND t.id = p.transaction_id
                                   AND t.integration = 'system:offers') OFFSET 0) p
     CROSS JOIN LATERAL (
             SELECT coalesce(sum(back.amount), 0)::bigint AS amount
               FROM loyalty.transactions t
               JOIN loyalty.postings back
                 ON back.business_id = t.business_id AND back.transaction_id = t.id
                AND back.card_id = p.card_id AND back.to_account = 'issued'
              WHERE t.business_id = p.business_id AND t.original_id = p.transaction_id
                AND t.kind = 'refund') refunded
     WHERE p.amount > refunded.amount`,
};

export interface EarningRow {
  card_id: string;
  occurred_at: number;
  business_date: string;
  amount: number;
}
