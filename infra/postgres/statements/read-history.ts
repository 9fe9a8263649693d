import type { Movement } from '../../../domain/backtest/card-history.ts';
import type { Receipt } from '../../../domain/earning/purchase.ts';
import type { RefundRequest } from '../../../domain/refunds/remaining.ts';
import type { BusinessDate, Instant } from '../../../domain/values/time.ts';

/** Statements of a backtest: they walk a whole program's history, page by page. */

export const countCards = {
  name: 'count-cards-of-program',
  text: `
    SELECT count(*)::int AS count FROM loyalty.cards
     WHERE business_id = $1 AND program_id = $2 AND status IN ('active', 'blocked')`,
};

/** Between the cards of a page: it can stand nowhere in JSON. */
export const CARD_SEPARATOR = '\u001e';

/**
 * Some cards of a program, with what they held at the beginning, what the period gave, their customers' sales
 * at some stores, claimed ones too, and what else moved their balances: refunds and expiry follow from the
 * rules. A page is one row and sales are lists, because what a backtest costs is mostly what it costs to
 * read: PostgreSQL sends rows eight kilobytes at a time, and each such piece costs as much as judging a
 * handful of sales.
 */
export const readPage = {
  name: 'read-page-of-program',
  text: `
    SELECT string_agg(row_to_json(r)::text, E'\\x1e' ORDER BY r.customer_id) AS cards,
           count(*)::int AS count, max(r.customer_id::text COLLATE "C") AS last,
           array_agg(r.id) FILTER (WHERE r.has_refunds) AS refunded_cards,
           array_agg(r.customer_id) FILTER (WHERE r.has_refunds) AS refunded_customers
      FROM (
    SELECT c.id, c.customer_id, c.version_number, p.*, s.receipts, s.stores, s.times, s.dates,
           s.has_refunds, m.moves
      FROM (SELECT id, customer_id, version_number FROM loyalty.cards
             WHERE business_id = $1 AND program_id = $2 AND customer_id > $3
               AND status IN ('active', 'blocked')
             ORDER BY customer_id LIMIT $6) c
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(net) FILTER (WHERE occurred_at < $4), 0)::bigint AS opening,
              coalesce(sum(CASE 'debt' WHEN from_account THEN amount
                                       WHEN to_account THEN -amount END)
                       FILTER (WHERE occurred_at < $4), 0)::bigint AS opening_debt,
              coalesce(sum(net), 0)::bigint AS closing,
              coalesce(sum(CASE 'issued' WHEN from_account THEN amount
                                         WHEN to_account THEN -amount END)
                       FILTER (WHERE occurred_at >= $4), 0)::bigint AS earned,
              coalesce(sum(CASE 'redeemed' WHEN to_account THEN amount
                                           WHEN from_account THEN -amount END)
                       FILTER (WHERE occurred_at >= $4 AND of_sale), 0)::bigint AS rewards_cost,
              coalesce(sum(CASE 'redeemed' WHEN to_account THEN 1
                                           WHEN from_account THEN -1 END)
                       FILTER (WHERE occurred_at >= $4 AND of_sale), 0)::int AS rewards
         FROM (SELECT p.occurred_at, p.from_account, p.to_account, p.amount,
                      CASE 'card' WHEN p.to_account THEN p.amount
                                  WHEN p.from_account THEN -p.amount ELSE 0 END AS net,
                      'redeemed' IN (p.from_account, p.to_account)
                        AND (SELECT t.kind IN ('purchase', 'refund', 'claim', 'release')
                               FROM loyalty.transactions t
                              WHERE t.business_id = $1 AND t.id = p.transaction_id) AS of_sale
                 FROM loyalty.postings p
                WHERE p.business_id = $1 AND p.card_id = c.id AND p.occurred_at < $5) p) p
     CROSS JOIN LATERAL (
       SELECT json_agg(CASE t.kind WHEN 'purchase' THEN t.receipt
                                   WHEN 'claim' THEN (SELECT o.receipt FROM loyalty.transactions o
                                                       WHERE o.business_id = $1
                                                         AND o.id = t.original_id)
                       END ORDER BY t.occurred_at, t.id) FILTER (WHERE t.kind <> 'refund')
                AS receipts,
              json_agg(array_position($7::uuid[], t.store_id) - 1 ORDER BY t.occurred_at, t.id)
                FILTER (WHERE t.kind <> 'refund') AS stores,
              json_agg((date_part('epoch', t.occurred_at) * 1000)::bigint
                       ORDER BY t.occurred_at, t.id) FILTER (WHERE t.kind <> 'refund') AS times,
              json_agg(t.business_date ORDER BY t.occurred_at, t.id)
                FILTER (WHERE t.kind <> 'refund') AS dates,
              coalesce(bool_or(t.kind = 'refund'), false) AS has_refunds,
              coalesce(array_agg(t.id), '{}') AS ids
         FROM loyalty.transactions t
        WHERE t.business_id = $1 AND t.customer_id = c.customer_id
          AND t.occurred_at >= $4 AND t.occurred_at < $5 AND t.status = 'recorded'
          AND (t.kind = 'refund'
               OR (t.kind IN ('purchase', 'claim') AND t.store_id = ANY ($7::uuid[])))) s
     CROSS JOIN LATERAL (
       SELECT json_agg(json_build_object('at', m.at, 'amount', m.amount) ORDER BY m.at) AS moves
         FROM (SELECT (date_part('epoch', p.occurred_at) * 1000)::bigint AS at,
                      sum(p.net)::bigint AS amount
                 FROM (SELECT p.transaction_id, p.occurred_at,
                              CASE 'card' WHEN p.to_account THEN p.amount ELSE -p.amount END AS net
                         FROM loyalty.postings p
                        WHERE p.business_id = $1 AND p.card_id = c.id
                          AND p.occurred_at >= $4 AND p.occurred_at < $5
                          AND 'card' IN (p.from_account, p.to_account)
                          -- Most are of these sales and need not be looked up; among many more it would
                          -- take longer to find that out.
                          AND (cardinality(s.ids) > 200 OR p.transaction_id <> ALL (s.ids))
                       OFFSET 0) p
                 JOIN loyalty.transactions t ON t.business_id = $1 AND t.id = p.transaction_id
                  AND t.kind NOT IN ('purchase', 'refund', 'claim', 'release', 'expiry')
                GROUP BY p.transaction_id, p.occurred_at) m) m) r`,
};

export interface PageRow {
  /** Each a `CardRow` in JSON; null where there are no more. */
  cards: string | null;
  count: number;
  /** The last one's customer. */
  last: string;
  /** Those whose customers returned something, at whatever store; null for none. */
  refunded_cards: string[] | null;
  refunded_customers: string[] | null;
}

export interface CardRow {
  id: string;
  customer_id: string;
  version_number: number;
  opening: number;
  opening_debt: number;
  closing: number;
  earned: number;
  rewards: number;
  rewards_cost: number;
  /** The first sale first, as are the other lists of sales; null for none. */
  receipts: Receipt[] | null;
  /** Places among the stores that were asked for. */
  stores: number[] | null;
  times: Instant[] | null;
  dates: BusinessDate[] | null;
  /** By time; null for none. */
  moves: Movement[] | null;
}

/** Refunds of some customers, wherever they were made, and the ids of the sales that `readPage` lists. */
export const readRefunds = {
  name: 'read-refunds-of-customers',
  text: `
    SELECT t.customer_id, t.id, t.original_id, t.occurred_at AS at, t.kind = 'refund' AS is_refund,
           CASE t.kind WHEN 'refund' THEN t.judgement -> 'request' END AS request
      FROM unnest($2::uuid[]) AS w (customer_id)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = $1 AND t.customer_id = w.customer_id
                AND t.occurred_at >= $3 AND t.occurred_at < $4 AND t.status = 'recorded'
                AND (t.kind = 'refund'
                     OR (t.kind IN ('purchase', 'claim') AND t.store_id = ANY ($5::uuid[])))
              OFFSET 0) t
     ORDER BY t.customer_id, t.occurred_at, t.id`,
};

export interface RefundRow {
  customer_id: string;
  id: string;
  /** Of a claim and of a refund: the sale. */
  original_id: string | null;
  at: number;
  is_refund: boolean;
  /** What a refund takes; null for sales. */
  request: RefundRequest | null;
}

/** What refunds of sales from before the period did to cards. */
export const readEarlierRefunds = {
  name: 'read-refunds-of-earlier-sales',
  text: `
    SELECT p.card_id, p.occurred_at AS at,
           coalesce(sum(CASE 'card' WHEN p.to_account THEN p.amount
                                    WHEN p.from_account THEN -p.amount END), 0)::bigint AS amount,
           -coalesce(sum(p.amount) FILTER (WHERE p.to_account = 'issued'), 0)::bigint AS earned
      FROM unnest($3::uuid[]) AS w (transaction_id)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.postings p
              WHERE p.business_id = $1 AND p.transaction_id = w.transaction_id OFFSET 0) p
     WHERE p.program_id = $2
     GROUP BY p.card_id, p.transaction_id, p.occurred_at`,
};

export interface MoveRow {
  card_id: string;
  at: number;
  amount: number;
  earned: number;
}

/** When rewards that sales of the period had minted were used. */
export const readRedemptions = {
  name: 'read-redemptions-of-cards',
  text: `
    SELECT r.card_id, r.redeemed_at AS at
      FROM unnest($2::uuid[]) AS w (card_id)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards r
              WHERE r.business_id = $1 AND r.card_id = w.card_id AND r.status = 'redeemed'
                AND r.redeemed_at < $4 OFFSET 0) r
      JOIN loyalty.transactions t ON t.business_id = $1 AND t.id = r.transaction_id
       AND t.kind IN ('purchase', 'claim', 'release', 'refund') AND t.occurred_at >= $3
     ORDER BY r.redeemed_at`,
};
