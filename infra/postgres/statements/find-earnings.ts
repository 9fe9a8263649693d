import type { Statement } from '../statement.ts';

/** What some cards were given within a time window, for caps; what offers gave takes no room. */
export const findEarnings: Statement = {
  name: 'find-earnings',
  text: `
    SELECT p.card_id, p.occurred_at, p.business_date, p.amount
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, card_id uuid, since timestamptz, until timestamptz)
     CROSS JOIN LATERAL (
             SELECT p.card_id, p.occurred_at, p.business_date, p.amount FROM loyalty.postings p
              WHERE p.business_id = w.business_id AND p.card_id = w.card_id
                AND p.occurred_at BETWEEN w.since AND w.until
                AND p.from_account = 'issued'
                AND NOT EXISTS (SELECT FROM loyalty.transactions t
                                 WHERE t.business_id = p.business_id AND t.id = p.transaction_id
                                   AND t.integration = 'system:offers') OFFSET 0) p`,
};

export interface EarningRow {
  card_id: string;
  occurred_at: number;
  business_date: string;
  amount: number;
}
