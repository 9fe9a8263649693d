import type { Statement } from '../statement.ts';

/** Statements that count transactions and look at cards; each takes its rows as JSON. */

const asked = 'json_to_recordset($1::json) AS r (business_id uuid, id uuid)';

const inLedger = `
  SELECT FROM loyalty.transactions t WHERE t.business_id = r.business_id AND t.id = r.id`;

/**
 * Takes transactions that nobody has counted, and what was booked beside them: the points that paid
 * for a sale, or a reward used in it, are told of in the name of the sale. Whoever is counting one
 * already is waited for.
 */
export const takeUncounted: Statement = {
  name: 'take-uncounted',
  text: `
    INSERT INTO analytics.counted (business_id, transaction_id)
    SELECT r.business_id, r.id FROM ${asked} WHERE EXISTS (${inLedger})
     UNION
    SELECT r.business_id, t.id FROM ${asked}
     CROSS JOIN LATERAL (
             SELECT t.id FROM loyalty.transactions t
              WHERE t.business_id = r.business_id AND t.original_id = r.id OFFSET 0) t
     ORDER BY 1, 2
        ON CONFLICT DO NOTHING
    RETURNING business_id, transaction_id AS id`,
};

export const findUnknown: Statement = {
  name: 'find-unknown-transactions',
  text: `SELECT r.id FROM ${asked} WHERE NOT EXISTS (${inLedger})`,
};

/** With the hour that its store's clock showed. */
const timed = (which: string) => `
  SELECT t.id, t.kind, t.integration, t.store_id, t.customer_id, t.business_date, t.original_id,
         t.receipt, t.outcome, b.zone,
         extract(hour FROM t.occurred_at AT TIME ZONE coalesce(s.zone, b.zone))::smallint AS hour
    FROM loyalty.transactions t
    JOIN business.businesses b ON b.id = t.business_id
    LEFT JOIN business.stores s ON s.business_id = t.business_id AND s.id = t.store_id
   WHERE t.business_id = r.business_id AND t.id = ${which} AND t.status = 'recorded'`;

/**
 * What each transaction adds to days: a sale or stamps by hand on its own day; a refund's money on the
 * refund's, but a sale refunded whole, or stamps undone, taken from the day where they were counted;
 * a receipt claimed, to whoever claimed it, on the day of the sale. A refund is of whoever the sale was
 * of when it was claimed.
 */
export const readMoves: Statement = {
  name: 'read-figures-moves',
  text: `
    WITH picked AS MATERIALIZED (
      SELECT r.business_id, t.* FROM ${asked} CROSS JOIN LATERAL (${timed('r.id')} OFFSET 0) t
    ), about AS MATERIALIZED (
      SELECT r.business_id, r.id AS because, r.kind AS because_kind, o.*,
             coalesce(o.customer_id, r.claimed_by, c.customer_id) AS owner
        FROM (SELECT *, CASE kind WHEN 'claim' THEN customer_id END AS claimed_by
                FROM picked WHERE kind IN ('refund', 'claim', 'award') AND original_id IS NOT NULL) r
       CROSS JOIN LATERAL (${timed('r.original_id')} OFFSET 0) o
        LEFT JOIN LATERAL (
             SELECT c.customer_id FROM loyalty.transactions c
              WHERE c.business_id = r.business_id AND c.original_id = o.id AND c.kind = 'claim'
              LIMIT 1) c ON true
    ), handed AS MATERIALIZED (
      -- Stamps by hand; what offers give is no visit.
      SELECT t.*, m.currency FROM (
        SELECT business_id, id, integration, kind, business_date, store_id, hour, customer_id,
               original_id FROM picked) t
       CROSS JOIN LATERAL (
             SELECT m.currency FROM loyalty.postings p
               JOIN loyalty.programs m ON m.business_id = p.business_id AND m.id = p.program_id
              WHERE p.business_id = t.business_id AND p.transaction_id = t.id LIMIT 1) m
       WHERE t.kind = 'award' AND t.integration NOT LIKE 'system:%'
    )
    SELECT business_id, business_date, store_id, hour, receipt ->> 'currency' AS currency,
           customer_id, 1 AS sales, 0 AS voided, 0 AS awards, 0 AS undone, (receipt ->> 'total')::bigint AS gross,
           0 AS refunds, 0::bigint AS refunded, 1 AS visits, (receipt ->> 'total')::bigint AS spent
      FROM picked WHERE kind = 'purchase'
    UNION ALL
    SELECT p.business_id, p.business_date, p.store_id, p.hour, o.receipt ->> 'currency', o.owner,
           0, 0, 0, 0, 0, 1, (p.outcome -> 'refunded' ->> 'amount')::bigint, 0, 0
      FROM picked p JOIN about o ON o.business_id = p.business_id AND o.because = p.id
     WHERE p.kind = 'refund'
    UNION ALL
    SELECT o.business_id, o.business_date, o.store_id, o.hour, o.receipt ->> 'currency', o.owner,
           0, 1, 0, 0, 0, 0, 0, -1, 0
      FROM picked p JOIN about o ON o.business_id = p.business_id AND o.because = p.id
     WHERE p.kind = 'refund' AND (p.outcome -> 'remaining' ->> 'amount')::bigint = 0
    UNION ALL
    SELECT o.business_id, o.business_date, o.store_id, o.hour, o.receipt ->> 'currency', o.owner,
           0, 0, 0, 0, 0, 0, 0, 1, (o.receipt ->> 'total')::bigint
      FROM about o WHERE o.because_kind = 'claim'
    UNION ALL
    SELECT business_id, business_date, store_id, hour, currency, customer_id,
           0, 0, 1, 0, 0, 0, 0, 1, 0
      FROM handed WHERE original_id IS NULL
    UNION ALL
    SELECT h.business_id, o.business_date, o.store_id, o.hour, h.currency, o.customer_id,
           0, 0, 0, 1, 0, 0, 0, -1, 0
      FROM handed h JOIN about o ON o.business_id = h.business_id AND o.because = h.id`,
};

/** A row of what `readMoves` answers; the statements below take them as they are. */
export interface MoveRow {
  business_id: string;
  customer_id: string | null;
}

const moves = `
  json_to_recordset($1::json) AS r (
    business_id uuid, business_date date, store_id uuid, hour smallint, currency text,
    customer_id uuid, sales integer, voided integer, awards integer, undone integer, gross bigint, refunds integer,
    refunded bigint, visits integer, spent bigint)`;

/** `x = a.x + excluded.x` for each column. */
const added = (...columns: readonly string[]) =>
  columns.map((column) => `${column} = a.${column} + excluded.${column}`).join(', ');

export const addStoreHours: Statement = {
  name: 'add-store-hours',
  text: `
    INSERT INTO analytics.store_hours AS a
           (business_id, business_date, store_id, hour, currency, sales, voided, awards, undone,
            gross, refunds, refunded, member_visits, member_gross, member_refunded)
    SELECT business_id, business_date, store_id, hour, currency, sum(sales), sum(voided),
           sum(awards), sum(undone), sum(gross), sum(refunds), sum(refunded),
           coalesce(sum(visits) FILTER (WHERE customer_id IS NOT NULL), 0),
           coalesce(sum(spent) FILTER (WHERE customer_id IS NOT NULL), 0),
           coalesce(sum(refunded) FILTER (WHERE customer_id IS NOT NULL), 0)
      FROM ${moves} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (business_id, business_date, store_id, hour, currency) DO UPDATE SET
           ${added('sales', 'voided', 'awards', 'undone', 'gross', 'refunds', 'refunded', 'member_visits', 'member_gross', 'member_refunded')}`,
};

/** Locks each customer's row, so that their first visit is found by one at a time. */
export const lockCustomers: Statement = {
  name: 'lock-figures-of-customers',
  text: `
    INSERT INTO analytics.customers AS a (business_id, customer_id)
    SELECT DISTINCT business_id, customer_id FROM ${moves} WHERE customer_id IS NOT NULL
     ORDER BY 1, 2
        ON CONFLICT (business_id, customer_id) DO UPDATE SET first_visit = a.first_visit`,
};

export const addCustomerDays: Statement = {
  name: 'add-customer-days',
  text: `
    INSERT INTO analytics.customer_days AS a
           (business_id, business_date, customer_id, store_id, currency, visits, gross, refunded)
    SELECT business_id, business_date, customer_id, store_id, currency, sum(visits), sum(spent),
           sum(refunded)
      FROM ${moves} WHERE customer_id IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (business_id, business_date, customer_id, store_id, currency) DO UPDATE SET
           ${added('visits', 'gross', 'refunded')}`,
};

/** A visit that was voided may have been the first, so it is looked for and not remembered. */
export const findFirstVisits: Statement = {
  name: 'find-first-visits',
  text: `
    UPDATE analytics.customers a SET first_visit = d.first
      FROM (SELECT DISTINCT business_id, customer_id FROM ${moves} WHERE customer_id IS NOT NULL) r
     CROSS JOIN LATERAL (
             SELECT min(business_date) AS first FROM (
               SELECT business_date FROM analytics.customer_days d
                WHERE d.business_id = r.business_id AND d.customer_id = r.customer_id
                GROUP BY business_date HAVING sum(visits) > 0) d) d
     WHERE a.business_id = r.business_id AND a.customer_id = r.customer_id
       AND a.first_visit IS DISTINCT FROM d.first`,
};

/** What an account gave, less what it took. */
const gave = (account: string) =>
  `sum(CASE '${account}' WHEN p.from_account THEN p.amount
                         WHEN p.to_account THEN -p.amount ELSE 0 END)`;

export const addProgramDays: Statement = {
  name: 'add-program-days',
  text: `
    INSERT INTO analytics.program_days AS a
           (business_id, business_date, program_id, store_id, issued, redeemed, expired, adjusted,
            owed)
    SELECT r.business_id, t.business_date, p.program_id, t.store_id, ${gave('issued')},
           -${gave('redeemed')}, -${gave('expired')}, ${gave('adjusted')}, ${gave('debt')}
      FROM ${asked}
     CROSS JOIN LATERAL (
             SELECT t.business_date, t.store_id FROM loyalty.transactions t
              WHERE t.business_id = r.business_id AND t.id = r.id OFFSET 0) t
     CROSS JOIN LATERAL (
             SELECT p.program_id, p.from_account, p.to_account, p.amount FROM loyalty.postings p
              WHERE p.business_id = r.business_id AND p.transaction_id = r.id OFFSET 0) p
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (business_id, business_date, program_id, store_id) DO UPDATE SET
           ${added('issued', 'redeemed', 'expired', 'adjusted', 'owed')}`,
};

/** The sale that a promotion gave on is its own, or the one that was claimed or released. */
export const addPromotionDays: Statement = {
  name: 'add-promotion-days',
  text: `
    INSERT INTO analytics.promotion_days AS a
           (business_id, promotion_id, business_date, store_id, currency, uses, gross, refunded, given)
    SELECT r.business_id, u.promotion_id, u.business_date, t.store_id,
           coalesce(o.receipt, t.receipt) ->> 'currency', sum(u.uses),
           sum(CASE t.kind WHEN 'refund' THEN 0
                ELSE (coalesce(o.receipt, t.receipt) ->> 'total')::bigint END),
           sum(CASE t.kind WHEN 'refund' THEN (t.outcome -> 'refunded' ->> 'amount')::bigint
                ELSE 0 END),
           sum(u.amount)
      FROM ${asked}
     CROSS JOIN LATERAL (
             SELECT t.kind, t.store_id, t.original_id, t.receipt, t.outcome
               FROM loyalty.transactions t
              WHERE t.business_id = r.business_id AND t.id = r.id OFFSET 0) t
     CROSS JOIN LATERAL (
             SELECT u.* FROM loyalty.promotions m
              CROSS JOIN LATERAL (
                    SELECT u.promotion_id, u.business_date, u.uses, u.amount
                      FROM loyalty.promotion_uses u
                     WHERE u.business_id = m.business_id AND u.promotion_id = m.id
                       AND u.transaction_id = r.id OFFSET 0) u
              WHERE m.business_id = r.business_id) u
      LEFT JOIN LATERAL (
             SELECT o.receipt FROM loyalty.transactions o
              WHERE o.business_id = r.business_id AND o.id = t.original_id) o ON true
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (business_id, promotion_id, business_date, store_id, currency) DO UPDATE SET
           ${added('uses', 'gross', 'refunded', 'given')}`,
};

/** Cards that the transactions moved. */
export const findMovedCards: Statement = {
  name: 'find-moved-cards',
  text: `
    SELECT DISTINCT r.business_id, p.card_id AS id FROM ${asked}
     CROSS JOIN LATERAL (
             SELECT p.card_id FROM loyalty.postings p
              WHERE p.business_id = r.business_id AND p.transaction_id = r.id OFFSET 0) p`,
};

/** Whoever locks a card last looks at it last: what is read after this is as new as any. */
export const lockCards: Statement = {
  name: 'lock-figures-of-cards',
  text: `
    INSERT INTO analytics.cards AS a (business_id, card_id)
    SELECT DISTINCT r.business_id, r.id FROM ${asked} ORDER BY 1, 2
        ON CONFLICT (business_id, card_id) DO UPDATE SET card_id = a.card_id`,
};

export const forgetHoldings: Statement = {
  name: 'forget-holdings',
  text: `
    DELETE FROM analytics.holdings h USING ${asked}
     WHERE h.business_id = r.business_id AND h.card_id = r.id`,
};

/** A lot that expires with its card's inactivity is of the month in which it would. */
export const readHoldings: Statement = {
  name: 'read-holdings',
  text: `
    INSERT INTO analytics.holdings
           (business_id, card_id, program_id, store_id, expires_month, amount)
    SELECT r.business_id, r.id, c.program_id, t.store_id,
           date_trunc('month', CASE WHEN l.lapses THEN c.active_until ELSE l.expires_at END
                      AT TIME ZONE m.zone)::date,
           sum(l.remaining)
      FROM ${asked}
     CROSS JOIN LATERAL (
             SELECT c.program_id, c.active_until FROM loyalty.cards c
              WHERE c.business_id = r.business_id AND c.id = r.id OFFSET 0) c
      JOIN loyalty.programs m ON m.business_id = r.business_id AND m.id = c.program_id
     CROSS JOIN LATERAL (
             SELECT l.lapses, l.expires_at, l.remaining, l.transaction_id FROM loyalty.lots l
              WHERE l.business_id = r.business_id AND l.card_id = r.id AND l.remaining > 0
             OFFSET 0) l
      LEFT JOIN LATERAL (
             SELECT t.store_id FROM loyalty.transactions t
              WHERE t.business_id = r.business_id AND t.id = l.transaction_id OFFSET 0) t ON true
     GROUP BY 1, 2, 3, 4, 5`,
};

/** Rewards of the cards as they are. */
export const readRewards: Statement = {
  name: 'read-rewards',
  text: `
    INSERT INTO analytics.rewards AS a
           (business_id, reward_id, program_id, definition_id, status, is_replacement, issued_on,
            issued_store_id, redeemed_on, redeemed_store_id, expires_on)
    SELECT r.business_id, x.id, c.program_id, x.definition_id, x.status, x.replaces IS NOT NULL,
           t.business_date, t.store_id,
           ((x.redeemed_at AT TIME ZONE coalesce(s.zone, b.zone))
             - make_interval(mins => coalesce(s.day_start_minutes, 0)))::date,
           x.redeemed_store_id, (x.expires_at AT TIME ZONE m.zone)::date
      FROM ${asked}
      JOIN business.businesses b ON b.id = r.business_id
     CROSS JOIN LATERAL (
             SELECT c.program_id FROM loyalty.cards c
              WHERE c.business_id = r.business_id AND c.id = r.id OFFSET 0) c
      JOIN loyalty.programs m ON m.business_id = r.business_id AND m.id = c.program_id
     CROSS JOIN LATERAL (
             SELECT x.id, x.definition_id, x.status, x.replaces, x.transaction_id, x.expires_at,
                    x.redeemed_at, x.redeemed_store_id FROM loyalty.issued_rewards x
              WHERE x.business_id = r.business_id AND x.card_id = r.id OFFSET 0) x
     CROSS JOIN LATERAL (
             SELECT t.business_date, t.store_id FROM loyalty.transactions t
              WHERE t.business_id = r.business_id AND t.id = x.transaction_id OFFSET 0) t
      LEFT JOIN business.stores s
        ON s.business_id = r.business_id AND s.id = x.redeemed_store_id
     ORDER BY 1, 2
        ON CONFLICT (business_id, reward_id) DO UPDATE SET
           status = excluded.status, redeemed_on = excluded.redeemed_on,
           redeemed_store_id = excluded.redeemed_store_id, expires_on = excluded.expires_on
     WHERE (a.status, a.redeemed_on, a.expires_on) IS DISTINCT FROM
           (excluded.status, excluded.redeemed_on, excluded.expires_on)`,
};
