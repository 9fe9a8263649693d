/**
 * Reads the figures. `$1` business, `$2` and `$3` first and last business date, `$4` stores or null,
 * `$5` currency; what needs more says so.
 */

const here = `business_id = $1 AND business_date BETWEEN $2 AND $3
       AND ($4::uuid[] IS NULL OR store_id = ANY ($4))`;

/** Whom a customer became; few are in it. */
const merged = `
  merged AS MATERIALIZED (
    SELECT id, merged_into FROM customer.customers
     WHERE business_id = $1 AND merged_into IS NOT NULL)`;

const ours = (column: string) => `sum(${column}) FILTER (WHERE currency = $5)`;

const sums = `
  coalesce(sum(sales - voided), 0)::int AS sales,
  coalesce(sum(sales - voided + awards - undone), 0)::int AS visits,
  coalesce(sum(member_visits), 0)::int AS "memberVisits",
  coalesce(${ours('gross')}, 0)::bigint AS gross, coalesce(${ours('refunded')}, 0)::bigint AS refunded`;

export const readSums = {
  name: 'figures-sums',
  text: `SELECT ${sums} FROM analytics.store_hours WHERE ${here}`,
};

/**
 * One row for whoever came, with the first and the last day. A row of customer_days holds a void beside
 * its visit, so what is above zero is a day on which they came.
 */
const who = `
  came AS (
    SELECT coalesce(m.merged_into, d.customer_id) AS who, min(d.business_date) AS earliest,
           max(d.business_date) AS latest
      FROM analytics.customer_days d LEFT JOIN merged m ON m.id = d.customer_id
     WHERE ${here} AND d.visits > 0 GROUP BY 1)`;

/** First visits of the business, within the dates, of people as they are now. */
const firsts = `
  firsts AS (
    SELECT coalesce(m.merged_into, c.customer_id) AS who, min(c.first_visit) AS first
      FROM analytics.customers c LEFT JOIN merged m ON m.id = c.customer_id
     WHERE c.business_id = $1 GROUP BY 1
    HAVING min(c.first_visit) BETWEEN $2 AND $3)`;

export const readMembers = {
  name: 'figures-members',
  text: `
    WITH ${merged}, ${who}, ${firsts}
    SELECT count(earliest)::int AS active,
           count(*) FILTER (WHERE latest > earliest)::int AS repeat,
           count(*) FILTER (WHERE earliest IS NOT NULL AND is_new)::int AS new
      FROM (SELECT who, max(earliest) AS earliest, max(latest) AS latest,
                   bool_or(is_new) AS is_new FROM (
              SELECT who, earliest, latest, false AS is_new FROM came
               UNION ALL SELECT who, NULL, NULL, true FROM firsts) x
             GROUP BY who) people`,
};

/** `$5` is not asked. */
export const readRewards = {
  name: 'figures-rewards',
  text: `
    SELECT (SELECT count(*) FROM analytics.rewards
             WHERE business_id = $1 AND issued_on BETWEEN $2 AND $3 AND NOT is_replacement
               AND ($4::uuid[] IS NULL OR issued_store_id = ANY ($4)))::int AS issued,
           (SELECT count(*) FROM analytics.rewards
             WHERE business_id = $1 AND redeemed_on BETWEEN $2 AND $3 AND status = 'redeemed'
               AND ($4::uuid[] IS NULL OR redeemed_store_id = ANY ($4)))::int AS redeemed,
           (SELECT count(*) FROM analytics.rewards
             WHERE business_id = $1 AND expires_on BETWEEN $2 AND $3 AND status = 'expired'
               AND ($4::uuid[] IS NULL OR issued_store_id = ANY ($4)))::int AS expired`,
};

export const readPrograms = {
  name: 'figures-programs',
  text: `
    SELECT p.id, p.name, p.unit, coalesce(d.issued, 0)::bigint AS issued,
           coalesce(d.redeemed, 0)::bigint AS redeemed, coalesce(d.expired, 0)::bigint AS expired
      FROM loyalty.programs p
      LEFT JOIN (SELECT program_id, sum(issued) AS issued, sum(redeemed) AS redeemed,
                        sum(expired) AS expired
                   FROM analytics.program_days WHERE ${here} GROUP BY 1) d ON d.program_id = p.id
     WHERE p.business_id = $1 AND (p.archived_at IS NULL OR d.program_id IS NOT NULL)
     ORDER BY p.id`,
};

/** `$6` interval. Every step of the period is in it, those without a sale as well. */
export const readSeries = {
  name: 'figures-series',
  text: `
    WITH ${merged}, steps AS (
      SELECT DISTINCT greatest(date_trunc($6, d)::date, $2::date) AS start
        FROM generate_series($2::timestamp, $3::timestamp, '1 day') d
    ), sold AS (
      SELECT greatest(date_trunc($6, business_date::timestamp)::date, $2::date) AS start, ${sums}
        FROM analytics.store_hours WHERE ${here} GROUP BY 1
    ), came AS (
      SELECT start, count(*)::int AS active FROM (
        SELECT greatest(date_trunc($6, d.business_date::timestamp)::date, $2::date) AS start
          FROM analytics.customer_days d LEFT JOIN merged m ON m.id = d.customer_id
         WHERE ${here} AND d.visits > 0
         GROUP BY 1, coalesce(m.merged_into, d.customer_id)) d
       GROUP BY 1
    ), ${firsts}, new AS (
      SELECT greatest(date_trunc($6, f.first::timestamp)::date, $2::date) AS start,
             count(*)::int AS new
        FROM firsts f
       WHERE $4::uuid[] IS NULL OR EXISTS (
             SELECT FROM analytics.customer_days d
              WHERE d.business_id = $1 AND d.visits > 0 AND d.store_id = ANY ($4)
                AND d.business_date = f.first
                AND d.customer_id IN (SELECT f.who UNION ALL
                                      SELECT id FROM merged WHERE merged_into = f.who))
       GROUP BY 1
    )
    SELECT start, coalesce(sales, 0) AS sales, coalesce(visits, 0) AS visits,
           coalesce("memberVisits", 0) AS "memberVisits",
           coalesce(gross, 0) AS gross, coalesce(refunded, 0) AS refunded,
           coalesce(active, 0) AS "activeMembers", coalesce(new, 0) AS "newMembers"
      FROM steps LEFT JOIN sold USING (start) LEFT JOIN came USING (start)
      LEFT JOIN new USING (start)
     ORDER BY start`,
};

/**
 * `$6` months to follow. A first visit is the first at the stores that are asked about.
 */
export const readCohorts = {
  name: 'figures-cohorts',
  text: `
    WITH ${merged}, firsts AS (
      SELECT who, min(first) AS first FROM (
        SELECT coalesce(m.merged_into, c.customer_id) AS who, c.first_visit AS first
          FROM analytics.customers c LEFT JOIN merged m ON m.id = c.customer_id
         WHERE c.business_id = $1 AND $4::uuid[] IS NULL
         UNION ALL
        SELECT coalesce(m.merged_into, d.customer_id), min(d.business_date)
          FROM analytics.customer_days d LEFT JOIN merged m ON m.id = d.customer_id
         WHERE d.business_id = $1 AND d.store_id = ANY ($4) AND d.visits > 0
         GROUP BY 1) f
       GROUP BY 1 HAVING min(first) BETWEEN $2 AND $3
    ), people AS (
      SELECT who AS customer_id, who, date_trunc('month', first::timestamp)::date AS month
        FROM firsts
       UNION ALL
      SELECT m.id, f.who, date_trunc('month', f.first::timestamp)::date
        FROM firsts f JOIN merged m ON m.merged_into = f.who
    ), monthly AS (
      SELECT p.month, p.who, date_trunc('month', d.business_date::timestamp) AS came,
             sum(d.visits) AS visits,
             coalesce(sum(d.gross - d.refunded) FILTER (WHERE d.currency = $5), 0) AS net
        FROM people p
        JOIN analytics.customer_days d ON d.business_id = $1 AND d.customer_id = p.customer_id
         AND d.business_date >= p.month AND d.business_date < p.month + make_interval(months => $6)
         AND ($4::uuid[] IS NULL OR d.store_id = ANY ($4))
       GROUP BY 1, 2, 3
    ), summed AS (
      SELECT month, came, count(*) FILTER (WHERE visits > 0)::int AS active,
             sum(net)::bigint AS net
        FROM monthly GROUP BY 1, 2)
    SELECT to_char(month, 'YYYY-MM') AS month, active, net,
           ((extract(year FROM came) - extract(year FROM month)) * 12
            + extract(month FROM came) - extract(month FROM month))::int AS later
      FROM summed ORDER BY 1, 4`,
};

export const readHeat = {
  name: 'figures-heat',
  text: `
    SELECT extract(isodow FROM business_date)::int AS weekday, hour::int,
           sum(sales - voided)::int AS sales,
           sum(sales - voided + awards - undone)::int AS visits,
           coalesce(${ours('gross')}, 0)::bigint AS gross
      FROM analytics.store_hours WHERE ${here}
     GROUP BY 1, 2 HAVING sum(sales - voided + awards - undone) > 0 ORDER BY 1, 2`,
};

/** `$6` what counts most, `$7` how many. Who was erased is nobody's best customer. */
export const readTopCustomers = {
  name: 'figures-top-customers',
  text: `
    WITH ${merged}
    SELECT t.who AS id, c.name, t.visits, t.gross, t.net, t."lastVisit"
      FROM (SELECT coalesce(m.merged_into, d.customer_id) AS who, sum(d.visits)::int AS visits,
                   coalesce(sum(d.gross) FILTER (WHERE d.currency = $5), 0)::bigint AS gross,
                   coalesce(sum(d.gross - d.refunded) FILTER (WHERE d.currency = $5), 0)::bigint AS net,
                   max(d.business_date) FILTER (WHERE d.visits > 0) AS "lastVisit"
              FROM analytics.customer_days d LEFT JOIN merged m ON m.id = d.customer_id
             WHERE ${here} GROUP BY 1
            HAVING sum(d.visits) > 0
             -- Enough to leave the erased out without looking everybody up.
             ORDER BY CASE $6 WHEN 'visits' THEN sum(d.visits)
                              ELSE coalesce(sum(d.gross - d.refunded)
                                            FILTER (WHERE d.currency = $5), 0) END DESC, 1
             LIMIT $7 + 500) t
      JOIN customer.customers c ON c.business_id = $1 AND c.id = t.who
     WHERE c.erased_at IS NULL
     ORDER BY CASE $6 WHEN 'visits' THEN t.visits ELSE t.net END DESC, t.who LIMIT $7`,
};

/**
 * `$1` business, `$2` stores or null. What has expired is gone, posted or not: the few lots that the
 * sweep has not reached yet are taken off.
 */
export const readHoldings = {
  name: 'figures-holdings',
  text: `
    WITH held AS (
      SELECT program_id, expires_month, sum(amount) AS amount FROM (
        SELECT program_id, expires_month, amount FROM analytics.holdings
         WHERE business_id = $1 AND ($2::uuid[] IS NULL OR store_id = ANY ($2))
         UNION ALL
        SELECT c.program_id, date_trunc('month', l.expires_at AT TIME ZONE p.zone)::date,
               -l.remaining
          FROM loyalty.lots l
          JOIN loyalty.cards c ON c.business_id = l.business_id AND c.id = l.card_id
          JOIN loyalty.programs p ON p.business_id = c.business_id AND p.id = c.program_id
          LEFT JOIN loyalty.transactions t
            ON t.business_id = l.business_id AND t.id = l.transaction_id
         WHERE l.business_id = $1 AND l.remaining > 0 AND l.expires_at <= now()
           AND ($2::uuid[] IS NULL OR t.store_id = ANY ($2))
         UNION ALL
        SELECT c.program_id, date_trunc('month', c.active_until AT TIME ZONE p.zone)::date,
               -l.remaining
          FROM loyalty.cards c
          JOIN loyalty.programs p ON p.business_id = c.business_id AND p.id = c.program_id
          JOIN loyalty.lots l ON l.business_id = c.business_id AND l.card_id = c.id
           AND l.remaining > 0 AND l.lapses
          LEFT JOIN loyalty.transactions t
            ON t.business_id = l.business_id AND t.id = l.transaction_id
         WHERE c.business_id = $1 AND c.active_until <= now()
           AND ($2::uuid[] IS NULL OR t.store_id = ANY ($2))) x
       GROUP BY 1, 2)
    SELECT p.id, p.name, p.unit, p.currency, v.value, to_char(h.expires_month, 'YYYY-MM') AS month,
           coalesce(h.amount, 0)::bigint AS amount
      FROM loyalty.programs p
      LEFT JOIN held h ON h.program_id = p.id AND h.amount <> 0
      LEFT JOIN LATERAL (
           SELECT definition ->> 'pointValueMinor' AS value FROM loyalty.program_versions v
            WHERE v.business_id = p.business_id AND v.program_id = p.id AND v.valid_from <= now()
            ORDER BY v.number DESC LIMIT 1) v ON true
     WHERE p.business_id = $1 AND (p.archived_at IS NULL OR h.amount <> 0)
     ORDER BY p.id, h.expires_month NULLS LAST`,
};

export const readOpenRewards = {
  name: 'figures-open-rewards',
  text: `
    SELECT o.program, o.definition, o.month, o.rewards, x.name
      FROM (SELECT r.program_id AS program, r.definition_id AS definition,
                   to_char(r.expires_on, 'YYYY-MM') AS month, count(*)::int AS rewards,
                   max(r.reward_id::text)::uuid AS newest
              FROM analytics.rewards r
             WHERE r.business_id = $1 AND r.status IN ('available', 'reserved')
               AND (r.expires_on IS NULL OR r.expires_on >= current_date)
               AND ($2::uuid[] IS NULL OR r.issued_store_id = ANY ($2))
             GROUP BY 1, 2, 3) o
      JOIN loyalty.issued_rewards x ON x.business_id = $1 AND x.id = o.newest
     ORDER BY 1, 2, 3 NULLS LAST`,
};

/** `$1` business, `$2` the last day that counts. */
export const readBalances = {
  name: 'figures-balances',
  text: `
    SELECT program_id AS id, sum(issued + adjusted + owed - redeemed - expired)::bigint AS amount
      FROM analytics.program_days WHERE business_id = $1 AND business_date <= $2 GROUP BY 1`,
};

export const readPromotions = {
  name: 'figures-promotions',
  text: `
    WITH used AS (
      SELECT promotion_id, sum(uses)::int AS uses, sum(given)::bigint AS given,
             coalesce(sum(gross - refunded) FILTER (WHERE currency = $5), 0)::bigint AS net
        FROM analytics.promotion_days WHERE ${here} GROUP BY 1
    ), days AS (
      SELECT DISTINCT promotion_id, business_date, store_id
        FROM analytics.promotion_days WHERE ${here} AND uses > 0)
    SELECT m.id, m.program_id AS program, m.definition ->> 'name' AS name, p.unit, u.uses, u.given,
           u.net, (coalesce(o.visits, 0) - u.uses)::int AS "otherVisits",
           (coalesce(o.net, 0) - u.net)::bigint AS "otherNet"
      FROM used u
      JOIN loyalty.promotions m ON m.business_id = $1 AND m.id = u.promotion_id
      JOIN loyalty.programs p ON p.business_id = $1 AND p.id = m.program_id
      LEFT JOIN (
           SELECT d.promotion_id, sum(h.member_visits) AS visits,
                  coalesce(sum(h.member_gross - h.member_refunded)
                           FILTER (WHERE h.currency = $5), 0) AS net
             FROM days d
             JOIN analytics.store_hours h ON h.business_id = $1
              AND h.business_date = d.business_date AND h.store_id IS NOT DISTINCT FROM d.store_id
            GROUP BY 1) o ON o.promotion_id = u.promotion_id
     ORDER BY u.uses DESC, m.id`,
};
