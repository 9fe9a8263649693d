import type { Statement } from '../statement.ts';

/**
 * A card's rewards behind a position, oldest first, with the status they have at a moment: a
 * reservation that timed out is none, and what is past its time has expired, swept or not.
 */
export const listRewards: Statement = {
  name: 'list-rewards',
  text: `
    SELECT r.*, r.kept_status AS status
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, card_id uuid, after uuid, status text, at timestamptz, max integer)
     CROSS JOIN LATERAL (
             SELECT x.business_id, x.id, x.definition_id, x.card_id, x.code, x.name, x.benefit, x.cost,
                    x.version_number, x.status AS kept_status, x.version, x.issued_at, x.expires_at,
                    x.funding, x.store_ids, x.reserved_by, x.reserved_store_id, x.reserved_until,
                    x.redeemed_by, x.redeemed_store_id, x.redeemed_at, x.redeemed_in,
                    c.customer_id
               FROM loyalty.issued_rewards x
               JOIN loyalty.cards c ON c.business_id = x.business_id AND c.id = x.card_id
              WHERE x.business_id = w.business_id AND x.card_id = w.card_id
                AND (w.after IS NULL OR x.id > w.after)
                AND (w.status IS NULL OR w.status =
                      CASE WHEN x.status NOT IN ('available', 'reserved') THEN x.status
                           WHEN x.reserved_until > w.at THEN 'reserved'
                           WHEN x.expires_at <= w.at THEN 'expired'
                           ELSE 'available' END)
              ORDER BY x.id LIMIT w.max) r`,
};
