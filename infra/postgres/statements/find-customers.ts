import type { Statement } from '../statement.ts';

/**
 * Who is meant by a card code, customer id, phone or e-mail. Unknown references give no row. Whoever
 * was merged away leads to who carries on: their row says so, and their cards are the other's.
 */
export const findCustomers: Statement = {
  name: 'find-customers',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS w (ordinal integer, business_id uuid, kind text, value text)
    )
    SELECT w.ordinal, c.customer_id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT c.customer_id FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.code = w.value OFFSET 0) c
     WHERE w.kind = 'cardCode'
    UNION ALL
    SELECT w.ordinal, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = w.business_id AND c.id = w.value::uuid
                AND c.erased_at IS NULL OFFSET 0) c
     WHERE w.kind = 'customerId'
    UNION ALL
    SELECT w.ordinal, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = w.business_id AND c.phone = w.value OFFSET 0) c
     WHERE w.kind = 'phone'
    UNION ALL
    SELECT w.ordinal, c.id
      FROM wanted w
     CROSS JOIN LATERAL (
             SELECT coalesce(c.merged_into, c.id) AS id FROM customer.customers c
              WHERE c.business_id = w.business_id AND c.email = w.value OFFSET 0) c
     WHERE w.kind = 'email'`,
};

export interface FoundCustomer {
  ordinal: number;
  customer_id: string;
}
