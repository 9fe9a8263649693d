import type { Statement } from '../statement.ts';

/** Whose card it is, and which card carries on for it where it was merged. */
export const findCardOwner: Statement = {
  name: 'find-card-owner',
  text: `
    SELECT c.customer_id, c.id
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT c.customer_id, coalesce(c.merged_into, c.id) AS id FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = w.id OFFSET 0) c`,
};
