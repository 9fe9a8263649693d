import type { Statement } from '../statement.ts';

const given = `given AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json) AS g (scopes json, sales json)
    )`;

// Times are epoch milliseconds, because json would make text of them. 2,000 is beyond any rule's count.
const seen = `
    SELECT w.business_id, w.kind, w.id, w.ordinal, t.times, u.sales, u.total, o.own
      FROM given g
     CROSS JOIN LATERAL json_to_recordset(g.scopes)
           AS w (business_id uuid, kind text, id uuid, ordinal integer, staff_id uuid,
                 since timestamptz, until timestamptz)
     CROSS JOIN LATERAL (
             SELECT json_agg((extract(epoch FROM s.occurred_at) * 1000)::bigint) AS times FROM (
               (SELECT s.occurred_at FROM loyalty.sightings s
                 WHERE w.kind = 'card' AND s.business_id = w.business_id AND s.customer_id = w.id
                   AND s.occurred_at BETWEEN w.since AND w.until LIMIT 2000)
               UNION ALL
               (SELECT s.occurred_at FROM loyalty.sightings s
                 WHERE w.kind = 'staff' AND s.business_id = w.business_id AND s.staff_id = w.id
                   AND s.occurred_at BETWEEN w.since AND w.until LIMIT 2000)
               UNION ALL
               (SELECT s.occurred_at FROM loyalty.sightings s
                 WHERE w.kind = 'store' AND s.business_id = w.business_id AND s.store_id = w.id
                   AND s.occurred_at BETWEEN w.since AND w.until LIMIT 2000)) s OFFSET 0) t
     CROSS JOIN LATERAL (
             SELECT count(*)::integer AS sales, coalesce(sum(s.total_minor), 0)::bigint AS total FROM (
               SELECT s.total_minor FROM loyalty.sightings s
                WHERE w.kind = 'store' AND s.business_id = w.business_id AND s.store_id = w.id
                  AND s.total_minor IS NOT NULL
                ORDER BY s.occurred_at DESC LIMIT 100) s OFFSET 0) u
     CROSS JOIN LATERAL (
             SELECT w.kind = 'own' AND EXISTS (
                      SELECT FROM business.staff s
                        JOIN customer.customers c
                          ON c.business_id = s.business_id AND (c.id = w.id OR c.merged_into = w.id)
                       WHERE s.business_id = w.business_id AND s.id = w.staff_id
                         AND (lower(s.email) = c.email OR s.phone = c.phone
                              OR EXISTS (SELECT FROM customer.identities i
                                          WHERE i.business_id = s.business_id
                                            AND i.customer_id = c.id
                                            AND i.subject = s.subject))) AS own OFFSET 0) o`;

/**
 * What was seen of cards, staff and stores, and whose staff serve themselves; and notes the sales at
 * hand. One statement, because it is the only one that watching adds to a batch.
 */
export const noteSightings: Statement = {
  name: 'note-sightings',
  text: `
    WITH ${given}, noted AS (
      INSERT INTO loyalty.sightings (business_id, job_id, store_id, customer_id, staff_id,
                                     occurred_at, total_minor)
      SELECT s.business_id, s.job_id, s.store_id, s.customer_id, s.staff_id, s.occurred_at,
             s.total_minor
        FROM given g
       CROSS JOIN LATERAL json_to_recordset(g.sales)
          AS s (business_id uuid, job_id uuid, store_id uuid, customer_id uuid, staff_id uuid,
                occurred_at timestamptz, total_minor bigint)
       ORDER BY s.business_id, s.job_id
          ON CONFLICT DO NOTHING
    )${seen}`,
};

/** Notes sales by themselves. */
export const insertSightings: Statement = {
  name: 'insert-sightings',
  text: `
    INSERT INTO loyalty.sightings (business_id, job_id, store_id, customer_id, staff_id,
                                   occurred_at, total_minor)
    SELECT s.business_id, s.job_id, s.store_id, s.customer_id, s.staff_id, s.occurred_at,
           s.total_minor
      FROM json_to_recordset($1::json)
        AS s (business_id uuid, job_id uuid, store_id uuid, customer_id uuid, staff_id uuid,
              occurred_at timestamptz, total_minor bigint)
     ORDER BY s.business_id, s.job_id
        ON CONFLICT DO NOTHING`,
};

export interface SightingRow {
  business_id: string;
  kind: 'card' | 'staff' | 'store' | 'own';
  id: string;
  ordinal: number;
  times: number[] | null;
  sales: number;
  total: number;
  own: boolean;
}
