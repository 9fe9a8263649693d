/**
 * What the books themselves come to, beside the figures: each statement answers the places where the
 * two differ (`$1` is the business). Written from the definitions and not from the counting, over whole
 * tables, so that the one shows what is wrong with the other. Only transactions that were counted are
 * compared; `uncounted` says how many were not yet.
 */

const counted = (t: string) => `
  JOIN analytics.counted n ON n.business_id = ${t}.business_id AND n.transaction_id = ${t}.id`;

/** Recorded transactions that were counted, with the clock of their stores. */
const books = `
  books AS (
    SELECT t.*, extract(hour FROM t.occurred_at AT TIME ZONE coalesce(s.zone, b.zone)) AS hour
      FROM loyalty.transactions t ${counted('t')}
      JOIN business.businesses b ON b.id = t.business_id
      LEFT JOIN business.stores s ON s.business_id = t.business_id AND s.id = t.store_id
     WHERE t.business_id = $1 AND t.status = 'recorded'),
  sold AS (
    SELECT t.*, t.receipt ->> 'currency' AS currency, (t.receipt ->> 'total')::bigint AS total,
           coalesce(t.customer_id, (SELECT c.customer_id FROM books c
              WHERE c.kind = 'claim' AND c.original_id = t.id)) AS owner,
           EXISTS (SELECT FROM books r WHERE r.kind = 'refund' AND r.original_id = t.id
                      AND r.outcome -> 'remaining' ->> 'amount' = '0') AS is_void
      FROM books t WHERE t.kind = 'purchase'),
  given_back AS (
    SELECT r.*, t.currency, t.owner, (r.outcome -> 'refunded' ->> 'amount')::bigint AS amount
      FROM books r JOIN sold t ON t.id = r.original_id WHERE r.kind = 'refund'),
  stamped AS (
    SELECT t.*, m.currency,
           EXISTS (SELECT FROM books u WHERE u.kind = 'award' AND u.original_id = t.id) AS is_void
      FROM books t
     CROSS JOIN LATERAL (
             SELECT m.currency FROM loyalty.postings p
               JOIN loyalty.programs m ON m.business_id = p.business_id AND m.id = p.program_id
              WHERE p.business_id = t.business_id AND p.transaction_id = t.id LIMIT 1) m
     WHERE t.kind = 'award' AND t.integration NOT LIKE 'system:%' AND t.original_id IS NULL)`;

/** Rows of one side that the other lacks. */
const differing = (ledger: string, figures: string) => `
  SELECT 'books' AS side, to_json(x)::text AS row FROM (${ledger} EXCEPT ${figures}) x
  UNION ALL
  SELECT 'figures', to_json(x)::text FROM (${figures} EXCEPT ${ledger}) x LIMIT 10`;

export const uncounted = `
  SELECT count(*)::int AS count FROM loyalty.transactions t
   WHERE t.business_id = $1 AND NOT EXISTS (
         SELECT FROM analytics.counted n
          WHERE n.business_id = t.business_id AND n.transaction_id = t.id)
     -- A merge of two who had nothing moved nothing.
     AND (t.kind NOT IN ('merge', 'unmerge') OR EXISTS (
          SELECT FROM loyalty.postings p
           WHERE p.business_id = t.business_id AND p.transaction_id = t.id))`;

/** By what it compares. */
export const comparisons: Readonly<Record<string, string>> = {
  'sales, stamps by hand and refunds, by store, day and hour': `
    WITH ${books}
    ${differing(
      `SELECT business_date, store_id, hour::int, currency::text, sum(sales)::int, sum(voided)::int,
              sum(awards)::int, sum(undone)::int, sum(gross)::bigint, sum(refunds)::int,
              sum(refunded)::bigint
         FROM (SELECT business_date, store_id, hour, currency, 1 AS sales,
                      is_void::int AS voided, 0 AS awards, 0 AS undone, total AS gross, 0 AS refunds, 0 AS refunded FROM sold
               UNION ALL
               SELECT business_date, store_id, hour, currency, 0, 0, 0, 0, 0, 1, amount
                 FROM given_back
               UNION ALL
               SELECT business_date, store_id, hour, currency, 0, 0, 1, is_void::int, 0, 0, 0
                 FROM stamped) x
        GROUP BY 1, 2, 3, 4`,
      `SELECT business_date, store_id, hour::int, currency::text, sales, voided, awards, undone, gross,
              refunds, refunded
         FROM analytics.store_hours WHERE business_id = $1`,
    )}`,

  'what came from customers, by store and day': `
    WITH ${books}
    ${differing(
      `SELECT business_date, store_id, sum(visits)::int, sum(gross)::bigint, sum(refunded)::bigint
         FROM (SELECT business_date, store_id, (NOT is_void)::int AS visits, total AS gross,
                      0 AS refunded FROM sold WHERE owner IS NOT NULL
               UNION ALL
               SELECT business_date, store_id, 0, 0, amount FROM given_back
                WHERE owner IS NOT NULL
               UNION ALL
               SELECT business_date, store_id, (NOT is_void)::int, 0, 0 FROM stamped) x
        GROUP BY 1, 2 HAVING (sum(visits), sum(gross), sum(refunded)) <> (0, 0, 0)`,
      `SELECT business_date, store_id, sum(member_visits)::int, sum(member_gross)::bigint,
              sum(member_refunded)::bigint
         FROM analytics.store_hours WHERE business_id = $1 GROUP BY 1, 2
       HAVING (sum(member_visits), sum(member_gross), sum(member_refunded)) <> (0, 0, 0)`,
    )}`,

  'who came on which day, and what they spent': `
    WITH ${books}
    ${differing(
      `SELECT owner, business_date, store_id, currency::text, sum(visits)::int, sum(gross)::bigint,
              sum(refunded)::bigint
         FROM (SELECT owner, business_date, store_id, currency, (NOT is_void)::int AS visits,
                      total AS gross, 0 AS refunded FROM sold WHERE owner IS NOT NULL
               UNION ALL
               SELECT owner, business_date, store_id, currency, 0, 0, amount FROM given_back
                WHERE owner IS NOT NULL
               UNION ALL
               SELECT customer_id, business_date, store_id, currency, (NOT is_void)::int, 0, 0
                 FROM stamped) x
        GROUP BY 1, 2, 3, 4`,
      `SELECT customer_id, business_date, store_id, currency::text, visits, gross, refunded
         FROM analytics.customer_days WHERE business_id = $1`,
    )}`,

  'first visits': `
    WITH ${books}
    ${differing(
      `SELECT owner, min(business_date) AS first
         FROM (SELECT owner, business_date FROM sold WHERE owner IS NOT NULL AND NOT is_void
               UNION ALL
               SELECT customer_id, business_date FROM stamped WHERE NOT is_void) x GROUP BY 1`,
      `SELECT customer_id, first_visit FROM analytics.customers
        WHERE business_id = $1 AND first_visit IS NOT NULL`,
    )}`,

  'what programs gave and took, by store and day': `
    ${differing(
      `SELECT t.business_date, p.program_id, t.store_id,
              sum(CASE 'card' WHEN p.to_account THEN p.amount
                              WHEN p.from_account THEN -p.amount ELSE 0 END)::bigint AS net
         FROM loyalty.postings p
         JOIN loyalty.transactions t ON t.business_id = p.business_id AND t.id = p.transaction_id
         ${counted('t')}
        WHERE p.business_id = $1 AND 'merged' NOT IN (p.from_account, p.to_account)
        GROUP BY 1, 2, 3
       HAVING sum(CASE 'card' WHEN p.to_account THEN p.amount
                              WHEN p.from_account THEN -p.amount ELSE 0 END) <> 0`,
      `SELECT business_date, program_id, store_id, issued + adjusted + owed - redeemed - expired
         FROM analytics.program_days
        WHERE business_id = $1 AND issued + adjusted + owed - redeemed - expired <> 0`,
    )}`,

  'what is on all cards of a program': `
    ${differing(
      `SELECT program_id, sum(balance)::bigint FROM loyalty.cards
        WHERE business_id = $1 GROUP BY 1 HAVING sum(balance) <> 0`,
      `SELECT program_id, sum(issued + adjusted + owed - redeemed - expired)::bigint
         FROM analytics.program_days WHERE business_id = $1 GROUP BY 1
       HAVING sum(issued + adjusted + owed - redeemed - expired) <> 0`,
    )}`,

  'what promotions gave, by day': `
    ${differing(
      `SELECT u.promotion_id, u.business_date, sum(u.uses)::int, sum(u.amount)::bigint
         FROM loyalty.promotion_uses u
         JOIN analytics.counted n
           ON n.business_id = u.business_id AND n.transaction_id = u.transaction_id
        WHERE u.business_id = $1 GROUP BY 1, 2`,
      `SELECT promotion_id, business_date, sum(uses)::int, sum(given)::bigint
         FROM analytics.promotion_days WHERE business_id = $1 GROUP BY 1, 2`,
    )}`,

  'what cards hold, by the month in which it expires': `
    ${differing(
      `SELECT c.program_id, date_trunc('month', coalesce(l.expires_at,
                CASE WHEN l.lapses THEN c.active_until END) AT TIME ZONE m.zone)::date,
              sum(l.remaining)::bigint
         FROM loyalty.lots l
         JOIN loyalty.cards c ON c.business_id = l.business_id AND c.id = l.card_id
         JOIN loyalty.programs m ON m.business_id = c.business_id AND m.id = c.program_id
        WHERE l.business_id = $1 AND l.remaining > 0 GROUP BY 1, 2`,
      `SELECT program_id, expires_month, sum(amount)::bigint FROM analytics.holdings
        WHERE business_id = $1 GROUP BY 1, 2`,
    )}`,

  'how rewards stand': `
    ${differing(
      `SELECT c.program_id, r.definition_id, r.status, r.replaces IS NOT NULL, count(*)::int
         FROM loyalty.issued_rewards r
         JOIN loyalty.cards c ON c.business_id = r.business_id AND c.id = r.card_id
        WHERE r.business_id = $1 GROUP BY 1, 2, 3, 4`,
      `SELECT program_id, definition_id, status, is_replacement, count(*)::int
         FROM analytics.rewards WHERE business_id = $1 GROUP BY 1, 2, 3, 4`,
    )}`,
};
