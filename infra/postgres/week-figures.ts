import type { ReadWeek } from '../../domain/mail/week.ts';
import { DAY_MS } from '../../domain/values/time.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface Row {
  sales: number;
  revenue: { amount: number; currency: string }[];
  customers: number;
  new_customers: number;
  rewards_issued: number;
  rewards_redeemed: number;
}

/**
 * `$1` business, `$2` and `$3` first and last day, `$4` a lower bound of ids: they are time-ordered and
 * made when a sale comes, so the weeks before are not read.
 */
const readWeek = {
  name: 'read-week',
  text: `
    WITH moved AS MATERIALIZED (
      SELECT t.kind, t.customer_id, t.receipt, t.outcome FROM loyalty.transactions t
       WHERE t.business_id = $1 AND t.id >= $4 AND t.business_date BETWEEN $2 AND $3
         AND t.kind IN ('purchase', 'refund') AND t.status = 'recorded'
    ), money AS (
      SELECT currency, sum(amount)::bigint AS amount
        FROM (SELECT receipt ->> 'currency', (receipt ->> 'total')::bigint
                FROM moved WHERE kind = 'purchase'
              UNION ALL
              SELECT outcome #>> '{refunded,currency}', -(outcome #>> '{refunded,amount}')::bigint
                FROM moved WHERE kind = 'refund') AS m (currency, amount)
       WHERE currency IS NOT NULL
       GROUP BY currency
    )
    SELECT (SELECT count(*)::int FROM moved WHERE kind = 'purchase') AS sales,
           (SELECT count(DISTINCT customer_id)::int FROM moved WHERE kind = 'purchase') AS customers,
           (SELECT coalesce(json_agg(m ORDER BY m.amount DESC), '[]') FROM money m) AS revenue,
           (SELECT count(*)::int FROM customer.customers u, business.businesses b
             WHERE u.business_id = $1 AND b.id = $1
               AND (u.created_at AT TIME ZONE b.zone)::date BETWEEN $2 AND $3) AS new_customers,
           (SELECT count(*)::int FROM loyalty.issued_rewards r, business.businesses b
             WHERE r.business_id = $1 AND b.id = $1 AND r.replaces IS NULL
               AND (r.issued_at AT TIME ZONE b.zone)::date BETWEEN $2 AND $3) AS rewards_issued,
           (SELECT count(*)::int FROM loyalty.issued_rewards r, business.businesses b
             WHERE r.business_id = $1 AND b.id = $1 AND r.status = 'redeemed'
               AND (r.redeemed_at AT TIME ZONE b.zone)::date BETWEEN $2 AND $3) AS rewards_redeemed`,
};

/** A week's figures from the books themselves. Reads some days of sales; for a schedule, not for a page. */
export function createReadWeek(client: Queryable): ReadWeek {
  return async (businessId, { from, to }) => {
    const values = [toUuid(businessId), from, to, idNotBefore(Date.parse(from) - DAY_MS)];
    const { rows } = await client.query<Row>({ ...readWeek, values });
    const [row] = rows;
    if (!row) throw new Error('a count without a row');
    return {
      sales: row.sales,
      revenue: row.revenue.map(({ amount, currency }) => ({ amount, currency })),
      customers: row.customers,
      newCustomers: row.new_customers,
      rewardsIssued: row.rewards_issued,
      rewardsRedeemed: row.rewards_redeemed,
    };
  };
}

/** The smallest UUIDv7 of a millisecond. */
function idNotBefore(at: number): string {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
