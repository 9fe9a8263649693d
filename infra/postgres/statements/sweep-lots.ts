import type { Statement } from '../statement.ts';

/** Lots that have expired, in the order of their index, from a position on. */
export const findExpiredLots: Statement = {
  name: 'find-expired-lots',
  text: `
    SELECT l.card_id, l.id, l.expires_at AS at
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, at timestamptz, after_at timestamptz, after_id uuid,
                 max_rows integer)
     CROSS JOIN LATERAL (
             SELECT l.card_id, l.id, l.expires_at FROM loyalty.lots l
              WHERE l.business_id = w.business_id AND l.remaining > 0 AND l.expires_at <= w.at
                AND (l.expires_at, l.id) > (w.after_at, w.after_id)
              ORDER BY l.expires_at, l.id LIMIT w.max_rows) l`,
};

/** Cards that have been idle for too long. */
export const findIdleCards: Statement = {
  name: 'find-idle-cards',
  text: `
    SELECT c.id AS card_id, c.id, c.active_until AS at
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, at timestamptz, after_at timestamptz, after_id uuid,
                 max_rows integer)
     CROSS JOIN LATERAL (
             SELECT c.id, c.active_until FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.active_until <= w.at
                AND (c.active_until, c.id) > (w.after_at, w.after_id)
              ORDER BY c.active_until, c.id LIMIT w.max_rows) c`,
};

export interface DueRow {
  card_id: string;
  id: string;
  at: number;
}

/** Locks cards that nobody else holds. The rest is passed over: a sale is worth more than a sweep. */
export const claimCards: Statement = {
  name: 'claim-cards',
  text: `
    SELECT c.business_id, c.id, c.program_id, c.customer_id, c.code, c.status, c.balance,
           c.debt, c.sequence, c.version_number, c.active_until
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid, resting_since timestamptz)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = w.id
                AND NOT EXISTS (SELECT FROM loyalty.postings p
                                 WHERE p.business_id = w.business_id AND p.card_id = w.id
                                   AND p.recorded_at > w.resting_since)
             OFFSET 0 FOR UPDATE SKIP LOCKED) c`,
};

/** Cards locked here, on which nothing lapses any more. */
export const forgetActivity: Statement = {
  name: 'forget-activity',
  text: `
    UPDATE loyalty.cards c SET active_until = NULL
      FROM (SELECT x.place
              FROM json_to_recordset($1::json) AS r (business_id uuid, id uuid)
             CROSS JOIN LATERAL (
                     SELECT x.ctid AS place FROM loyalty.cards x
                      WHERE x.business_id = r.business_id AND x.id = r.id OFFSET 0) x) r
     WHERE c.ctid = r.place`,
};
