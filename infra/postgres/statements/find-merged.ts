import type { Statement } from '../statement.ts';

/** Those of some customers who were merged away or erased. */
export const findMerged: Statement = {
  name: 'find-merged',
  text: `
    SELECT u.id
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT u.id FROM customer.customers u
              WHERE u.business_id = w.business_id AND u.id = w.id
                AND (u.merged_into IS NOT NULL OR u.erased_at IS NOT NULL) OFFSET 0) u`,
};
