/**
 * Cards that something other than plain sales touched: their events are not one per posting. Not
 * correlated with anything, so that it is gone through once and not once a card.
 */
const touchedCards = `
  SELECT c.business_id, c.id AS card_id FROM customer.merges m
    JOIN loyalty.cards c
      ON c.business_id = m.business_id AND c.customer_id IN (m.survivor_id, m.merged_id)
  UNION ALL
  SELECT p.business_id, p.card_id FROM loyalty.postings p
    JOIN loyalty.transactions t ON t.business_id = p.business_id AND t.id = p.transaction_id
   WHERE t.kind <> 'purchase' OR 'debt' IN (p.from_account, p.to_account)
      OR (p.to_account = 'redeemed' AND p.reward_id IS NULL)
  UNION ALL
  SELECT r.business_id, r.card_id FROM loyalty.issued_rewards r
    JOIN loyalty.transactions t ON t.business_id = r.business_id AND t.id = r.transaction_id
   WHERE r.version > 0 OR t.kind <> 'purchase'
  UNION ALL
  SELECT business_id, card_id FROM loyalty.offer_instances`;

const otherThanSales = (card: string) => `
  SELECT FROM (${touchedCards}) touched
   WHERE touched.business_id = ${card}.business_id AND touched.card_id = ${card}.id`;

/** The card that carries on for that of posting `p`: lots and rewards move there in a merge. */
const home = `(SELECT coalesce(m.merged_into, m.id) FROM loyalty.cards m
                WHERE m.business_id = p.business_id AND m.id = p.card_id)`;

/** What must hold of the books, each with a statement that selects what breaks it; `$1` is a business or null. */
export const rules: Readonly<Record<string, string>> = {
  'a card holds what its postings brought less what they took': `
    SELECT c.id AS card, c.balance, coalesce(p.net, 0) AS postings
      FROM loyalty.cards c
      LEFT JOIN (SELECT business_id, card_id,
                        sum(CASE 'card' WHEN to_account THEN amount
                                    WHEN from_account THEN -amount ELSE 0 END) AS net
                   FROM loyalty.postings GROUP BY 1, 2) p
        ON p.business_id = c.business_id AND p.card_id = c.id
     WHERE ($1::uuid IS NULL OR c.business_id = $1) AND c.balance <> coalesce(p.net, 0)`,

  'a card owes what its postings say': `
    SELECT c.id AS card, c.debt, coalesce(p.net, 0) AS postings
      FROM loyalty.cards c
      LEFT JOIN (SELECT business_id, card_id,
                        sum(CASE 'debt' WHEN from_account THEN amount
                                        WHEN to_account THEN -amount ELSE 0 END) AS net
                   FROM loyalty.postings GROUP BY 1, 2) p
        ON p.business_id = c.business_id AND p.card_id = c.id
     WHERE ($1::uuid IS NULL OR c.business_id = $1) AND c.debt <> coalesce(p.net, 0)`,

  'a card holds what is left in its lots': `
    SELECT c.id AS card, c.balance, coalesce(l.remaining, 0) AS lots
      FROM loyalty.cards c
      LEFT JOIN (SELECT business_id, card_id, sum(remaining) AS remaining
                   FROM loyalty.lots GROUP BY 1, 2) l
        ON l.business_id = c.business_id AND l.card_id = c.id
     WHERE ($1::uuid IS NULL OR c.business_id = $1) AND c.balance <> coalesce(l.remaining, 0)`,

  'nothing is negative, and no lot holds more than it was': `
    SELECT id, 'card' AS what, balance AS amount FROM loyalty.cards
     WHERE ($1::uuid IS NULL OR business_id = $1) AND balance < 0
    UNION ALL
    SELECT id, 'lot', remaining FROM loyalty.lots
     WHERE ($1::uuid IS NULL OR business_id = $1) AND (remaining < 0 OR remaining > amount)`,

  'what came onto a card and was not given back is a lot of the same amount': `
    SELECT transaction_id, card_id, p.amount AS posted, l.amount AS lot
      FROM (SELECT business_id, transaction_id, ${home} AS card_id, sum(amount) AS amount
              FROM loyalty.postings p WHERE to_account = 'card' AND draws IS NULL
             GROUP BY 1, 2, 3) p
      FULL JOIN (SELECT business_id, transaction_id, card_id, sum(amount) AS amount
                   FROM loyalty.lots GROUP BY 1, 2, 3) l
     USING (business_id, transaction_id, card_id)
     WHERE ($1::uuid IS NULL OR business_id = $1) AND p.amount IS DISTINCT FROM l.amount`,

  'what a posting draws from lots is its amount': `
    SELECT transaction_id, ordinal, amount, drawn
      FROM loyalty.postings
     CROSS JOIN LATERAL (SELECT sum((draw ->> 'amount')::bigint) AS drawn
                           FROM json_array_elements(draws) draw) d
     WHERE ($1::uuid IS NULL OR business_id = $1) AND draws IS NOT NULL AND amount <> drawn`,

  'each reward was paid for by its postings, and paid back when it was taken back': `
    SELECT id AS reward, r.status, r.cost, coalesce(p.paid, 0) AS paid
      FROM loyalty.issued_rewards r
      FULL JOIN (SELECT business_id, reward_id AS id,
                        sum(CASE 'card' WHEN from_account THEN amount ELSE -amount END) AS paid
                   FROM loyalty.postings WHERE reward_id IS NOT NULL GROUP BY 1, 2) p
     USING (business_id, id)
     WHERE ($1::uuid IS NULL OR business_id = $1)
       AND coalesce(p.paid, 0) IS DISTINCT FROM
           CASE WHEN r.status IN ('reversed', 'revoked') THEN 0 ELSE r.cost END`,

  'a reward says when and in what it was redeemed, and one takes the place of each reversed': `
    SELECT r.id AS reward, r.status
      FROM loyalty.issued_rewards r
      LEFT JOIN loyalty.transactions t ON t.business_id = r.business_id AND t.id = r.redeemed_in
      LEFT JOIN loyalty.issued_rewards n ON n.business_id = r.business_id AND n.replaces = r.id
     WHERE ($1::uuid IS NULL OR r.business_id = $1)
       AND ((r.status IN ('redeemed', 'reversed')) <> (t.id IS NOT NULL)
            OR (n.id IS NOT NULL AND r.status <> 'reversed')
            -- What was owed for it was paid with it instead.
            OR (r.status = 'reversed' AND n.id IS NULL AND NOT EXISTS (
                 SELECT FROM loyalty.postings p
                   JOIN loyalty.postings d ON d.business_id = p.business_id
                    AND d.transaction_id = p.transaction_id AND d.to_account = 'debt'
                  WHERE p.business_id = r.business_id AND p.reward_id = r.id
                    AND p.from_account = 'redeemed')))`,

  'what was claimed and what is left make the stock': `
    SELECT d.id AS definition, d.definition ->> 'stock' AS stock, d.stock_left, r.claimed
      FROM loyalty.reward_definitions d
      LEFT JOIN (SELECT business_id, definition_id AS id, count(*) AS claimed
                   FROM loyalty.issued_rewards WHERE replaces IS NULL GROUP BY 1, 2) r
     USING (business_id, id)
     WHERE ($1::uuid IS NULL OR business_id = $1) AND d.revision <= 2 AND d.stock_left IS NOT NULL
       AND (d.definition ->> 'stock')::bigint <> d.stock_left + coalesce(r.claimed, 0)`,

  'refunds of a sale take back no more than it gave': `
    SELECT s.id AS sale, j ->> 'cardId' AS card, j ->> 'earned' AS earned, r.reversed
      FROM loyalty.transactions s
     CROSS JOIN LATERAL json_array_elements(s.judgement -> 'cards') j
     CROSS JOIN LATERAL (
       SELECT sum((c ->> 'reversed')::bigint) AS reversed
         FROM loyalty.transactions t, json_array_elements(t.judgement -> 'cards') c
        WHERE t.business_id = s.business_id AND t.kind = 'refund'
          AND t.original_id = CASE s.kind WHEN 'purchase' THEN s.id ELSE s.original_id END
          AND c ->> 'cardId' = j ->> 'cardId') r
     WHERE ($1::uuid IS NULL OR s.business_id = $1) AND s.kind IN ('purchase', 'claim', 'release')
       AND r.reversed > (j ->> 'earned')::bigint`,

  'a refund posts what it says it took back': `
    SELECT t.id AS refund, j.reversed, coalesce(p.posted, 0) AS posted
      FROM loyalty.transactions t
     CROSS JOIN LATERAL (
       SELECT coalesce(sum((c ->> 'reversed')::bigint - coalesce((c ->> 'spared')::bigint, 0)
                           - coalesce((c ->> 'forgiven')::bigint, 0)), 0) AS reversed
         FROM json_array_elements(t.judgement -> 'cards') c) j
      LEFT JOIN (SELECT business_id, transaction_id, sum(amount) AS posted
                   FROM loyalty.postings WHERE to_account = 'issued' GROUP BY 1, 2) p
        ON p.business_id = t.business_id AND p.transaction_id = t.id
     WHERE ($1::uuid IS NULL OR t.business_id = $1) AND t.kind = 'refund'
       AND j.reversed <> coalesce(p.posted, 0)`,

  'points that paid for a sale are given back no further than they were paid, and all when nothing is left': `
    WITH paid AS MATERIALIZED (
        SELECT t.business_id, t.original_id AS id,
               sum(CASE 'card' WHEN p.from_account THEN p.amount END) AS amount,
               sum(CASE 'card' WHEN p.to_account THEN p.amount END) AS returned,
               bool_or(c.status = 'closed') AS is_closed
          FROM loyalty.transactions t
          JOIN loyalty.postings p ON p.business_id = t.business_id AND p.transaction_id = t.id
           AND 'redeemed' IN (p.from_account, p.to_account) AND p.reward_id IS NULL
          JOIN loyalty.cards c ON c.business_id = p.business_id AND c.id = ${home}
         WHERE ($1::uuid IS NULL OR t.business_id = $1)
           AND t.integration = 'system:rewards' AND t.original_id IS NOT NULL
         GROUP BY 1, 2),
      back AS MATERIALIZED (
        SELECT t.business_id, t.original_id AS id,
               sum((t.judgement ->> 'pointsBack')::bigint) AS amount,
               bool_or((t.outcome -> 'remaining' ->> 'amount')::bigint = 0) AS is_all
          FROM loyalty.transactions t
         WHERE ($1::uuid IS NULL OR t.business_id = $1)
           AND t.kind = 'refund' AND t.original_id IS NOT NULL
         GROUP BY 1, 2)
    SELECT s.id AS sale, paid.amount AS paid, coalesce(back.amount, 0) AS returned
      FROM paid
      JOIN loyalty.transactions s ON s.business_id = paid.business_id AND s.id = paid.id
      LEFT JOIN back ON back.business_id = paid.business_id AND back.id = paid.id
     WHERE s.kind = 'purchase' AND paid.amount > 0
       AND (coalesce(paid.returned, 0) <> coalesce(back.amount, 0) OR back.amount > paid.amount
            OR (back.is_all AND coalesce(back.amount, 0) <> paid.amount AND NOT paid.is_closed))`,

  'a refund waits while its job does, and no longer': `
    SELECT job_id AS job, j.status, w.integration IS NOT NULL AS waits
      FROM (SELECT business_id, id AS job_id, status FROM loyalty.jobs WHERE status = 'waiting') j
      FULL JOIN loyalty.waiting_refunds w USING (business_id, job_id)
     WHERE ($1::uuid IS NULL OR business_id = $1) AND (w.integration IS NULL OR j.status IS NULL)`,
  'what a merge takes from one card comes to another, and a merged card holds nothing': `
    SELECT transaction_id AS id, sum(CASE 'merged' WHEN to_account THEN amount ELSE -amount END) AS net
      FROM loyalty.postings
     WHERE ($1::uuid IS NULL OR business_id = $1) AND 'merged' IN (from_account, to_account)
     GROUP BY business_id, transaction_id, program_id, 'debt' IN (from_account, to_account)
    HAVING sum(CASE 'merged' WHEN to_account THEN amount ELSE -amount END) <> 0
    UNION ALL
    SELECT c.id, c.balance + c.debt FROM loyalty.cards c
     WHERE ($1::uuid IS NULL OR c.business_id = $1) AND c.merged_into IS NOT NULL
       AND (c.balance <> 0 OR c.debt <> 0
            OR EXISTS (SELECT FROM loyalty.cards m
                        WHERE m.business_id = c.business_id AND m.id = c.merged_into
                          AND (m.merged_into IS NOT NULL OR m.customer_id <> c.customer_id)))`,

  'each external id is one transaction': `
    SELECT integration, kind, external_id, count(*) FROM loyalty.transactions
     WHERE ($1::uuid IS NULL OR business_id = $1)
     GROUP BY business_id, 1, 2, 3 HAVING count(*) > 1`,

  'postings, lots and rewards belong to a recorded transaction': `
    SELECT DISTINCT transaction_id
      FROM (SELECT business_id, transaction_id FROM loyalty.postings
            UNION ALL SELECT business_id, transaction_id FROM loyalty.lots
            UNION ALL SELECT business_id, transaction_id FROM loyalty.issued_rewards) x
      LEFT JOIN loyalty.transactions t
        ON t.business_id = x.business_id AND t.id = x.transaction_id AND t.status = 'recorded'
     WHERE ($1::uuid IS NULL OR x.business_id = $1) AND t.id IS NULL`,

  'each completed job has its transaction, and each transaction a job': `
    SELECT j.id AS job, t.id AS transaction
      FROM (SELECT * FROM loyalty.jobs
             WHERE status = 'completed'
               AND (transaction_id IS NOT NULL OR type = 'record-purchase')) j
      FULL JOIN loyalty.transactions t
        ON t.business_id = j.business_id AND t.id = j.transaction_id
     WHERE ($1::uuid IS NULL OR coalesce(t.business_id, j.business_id) = $1)
       AND (t.id IS NULL OR (j.id IS NULL AND t.kind NOT IN ('expiry', 'opening-balance')))
       -- What an offer gives, or a voucher used up, is a transaction of its own, in the sale's job.
       AND (t.integration IS NULL OR t.integration NOT IN ('system:offers', 'system:rewards', 'system:birthdays'))`,

  'an offer is complete by the first purchase that completes it, and gave its benefit': `
    WITH fed AS (
      SELECT i.business_id, i.id, c.transaction_id, c.occurred_at, c.reference, c.amount_minor,
             i.terms ->> 'kind' AS kind, (i.terms ->> 'thresholdMinor')::bigint AS threshold,
             sum(c.amount_minor) OVER (PARTITION BY c.business_id, c.instance_id
                                       ORDER BY c.occurred_at, c.reference COLLATE "C") AS total
        FROM loyalty.offer_instances i
        JOIN loyalty.offer_contributions c
          ON c.business_id = i.business_id AND c.instance_id = i.id
         AND c.occurred_at BETWEEN i.opens_at AND i.closes_at
    ), first AS (
      SELECT DISTINCT ON (business_id, id) business_id, id, transaction_id FROM fed
       WHERE CASE kind WHEN 'single' THEN amount_minor > threshold ELSE total >= threshold END
       ORDER BY business_id, id, occurred_at, reference COLLATE "C"
    )
    SELECT i.id AS offer, i.completed_by, f.transaction_id AS expected, t.id AS award
      FROM loyalty.offer_instances i
      LEFT JOIN first f ON f.business_id = i.business_id AND f.id = i.id
      LEFT JOIN loyalty.transactions t ON t.business_id = i.business_id AND t.id = i.award_id
     WHERE ($1::uuid IS NULL OR i.business_id = $1)
       AND (i.completed_by IS DISTINCT FROM f.transaction_id
            OR (i.completed_by IS NULL) <> (t.id IS NULL))`,

  // A card's events: opened (unless it was set up by hand), one per earning, one per reward, one per
  // level; and a posting for the earnings and the rewards. Only for cards that nothing but sales have touched.
  "a card's sequence counts its events": `
    SELECT c.id AS card, c.sequence, coalesce(p.n, 0) AS postings
      FROM loyalty.cards c
      LEFT JOIN (SELECT business_id, card_id, count(*) AS n FROM loyalty.postings GROUP BY 1, 2) p
        ON p.business_id = c.business_id AND p.card_id = c.id
     WHERE ($1::uuid IS NULL OR c.business_id = $1)
       AND c.sequence - coalesce(p.n, 0) - (SELECT coalesce(sum(1 + t.notices), 0) FROM loyalty.card_tiers t
                                             WHERE t.business_id = c.business_id
                                               AND t.card_id = c.id) NOT IN (0, 1)
       AND NOT EXISTS (${otherThanSales('c')})`,

  // Outcomes name cards by public id, which SQL cannot read; the customer's id stands beside.
  "a customer's cards have an opening event where a sale opened them": `
    SELECT c.customer_id AS customer, c.openings, coalesce(t.openings, 0) AS by_sales
      FROM (SELECT business_id, customer_id, sum(sequence - coalesce(n, 0)
                     - (SELECT coalesce(sum(1 + t.notices), 0) FROM loyalty.card_tiers t
                         WHERE t.business_id = c.business_id AND t.card_id = c.id)) AS openings
              FROM loyalty.cards c
              LEFT JOIN (SELECT business_id, card_id AS id, count(*) AS n
                           FROM loyalty.postings GROUP BY 1, 2) p USING (business_id, id)
             WHERE NOT EXISTS (SELECT FROM loyalty.cards other
                                WHERE other.business_id = c.business_id
                                  AND other.customer_id = c.customer_id
                                  AND EXISTS (${otherThanSales('other')}))
             GROUP BY 1, 2) c
      LEFT JOIN (SELECT business_id, customer_id, count(*) AS openings
                   FROM loyalty.transactions,
                        json_array_elements(outcome -> 'cards') card,
                        json_array_elements(card -> 'explanation') step
                  WHERE outcome::text LIKE '%"card-opened"%' AND step ->> 'code' = 'card-opened'
                  GROUP BY 1, 2) t USING (business_id, customer_id)
     WHERE ($1::uuid IS NULL OR business_id = $1) AND c.openings <> coalesce(t.openings, 0)
       -- People open cards too, under ids that SQL cannot read either.
       AND NOT (c.openings > coalesce(t.openings, 0) AND EXISTS (
             SELECT FROM loyalty.jobs j
              WHERE j.business_id = c.business_id AND j.status = 'completed'
                AND j.type IN ('create-customer', 'open-card')))`,

  // Names of counters hold public ids, which SQL cannot read: sums are compared per business.
  'budgets have given what their promotions gave, and not more than they had': `
    SELECT b.id AS business, coalesce(c.used, 0) AS counted, coalesce(u.amount, 0) AS given
      FROM business.businesses b
      LEFT JOIN (SELECT business_id, sum(used) AS used FROM loyalty.counters
                  WHERE key LIKE 'budget:%' GROUP BY 1) c ON c.business_id = b.id
      LEFT JOIN (SELECT u.business_id, sum(u.amount) AS amount
                   FROM loyalty.promotion_uses u
                   JOIN loyalty.promotions p
                     ON p.business_id = u.business_id AND p.id = u.promotion_id
                  WHERE p.definition ? 'budget' GROUP BY 1) u ON u.business_id = b.id
     WHERE ($1::uuid IS NULL OR b.id = $1) AND coalesce(c.used, 0) <> coalesce(u.amount, 0)
    UNION ALL
    SELECT business_id, used, ceiling FROM loyalty.counters
     WHERE ($1::uuid IS NULL OR business_id = $1) AND used > ceiling`,

  'a use of a promotion is given to a sale once, and taken back at most once': `
    SELECT promotion_id, customer_id, sum(uses) AS uses, sum(amount) AS amount
      FROM loyalty.promotion_uses
     WHERE $1::uuid IS NULL OR business_id = $1
     GROUP BY business_id, 1, 2 HAVING sum(uses) < 0 OR sum(amount) < 0`,

  'a card has one level of today, its newest': `
    SELECT card_id FROM loyalty.card_tiers
     WHERE $1::uuid IS NULL OR business_id = $1
     GROUP BY business_id, 1
    HAVING count(*) FILTER (WHERE is_current) <> 1
        OR max(since) <> max(since) FILTER (WHERE is_current)`,

  'the answer to a sale says what was posted': `
    SELECT t.id AS transaction, a.earned AS answered, p.amount AS posted
      FROM loyalty.transactions t
     CROSS JOIN LATERAL (
       SELECT coalesce(sum((card ->> 'earned')::numeric
                * CASE card ->> 'unit' WHEN 'point' THEN 1000000 ELSE 1 END), 0) AS earned,
              coalesce(sum(json_array_length(card -> 'rewardsIssued')), 0) AS rewards
         FROM json_array_elements(t.outcome -> 'cards') card) a
      LEFT JOIN (SELECT business_id, transaction_id,
                        sum(amount) FILTER (WHERE from_account = 'issued') AS amount,
                        count(*) FILTER (WHERE to_account = 'redeemed' AND reward_id IS NOT NULL) AS rewards
                   FROM loyalty.postings GROUP BY 1, 2) p
        ON p.business_id = t.business_id AND p.transaction_id = t.id
     WHERE ($1::uuid IS NULL OR t.business_id = $1) AND t.kind = 'purchase'
       AND (a.earned <> coalesce(p.amount, 0) OR a.rewards <> coalesce(p.rewards, 0))`,
};
