import type { Statement } from '../statement.ts';

/** One card with its open lots and everything that drew on lots; `draws` name lots by public id. */
export const readCard: Statement = {
  name: 'read-card',
  text: `
    SELECT c.business_id, c.id, c.program_id, c.customer_id, c.code, c.status, c.balance, c.debt,
           c.sequence, c.version_number, c.active_until, c.opened_at, d.draws
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid, with_draws boolean)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = w.id OFFSET 0) c
     CROSS JOIN LATERAL (
             SELECT coalesce(json_agg(json_build_object(
                      'isOut', p.from_account = 'card', 'isExpiry', p.to_account = 'expired',
                      'occurredAt', p.occurred_at, 'recordedAt', p.recorded_at,
                      'draws', p.draws)), '[]') AS draws
               FROM loyalty.postings p
              WHERE w.with_draws AND p.business_id = w.business_id AND p.card_id = w.id
                AND p.draws IS NOT NULL) d`,
};

export interface DrawJson {
  isOut: boolean;
  isExpiry: boolean;
  occurredAt: string;
  recordedAt: string;
  draws: { lotId: string; amount: number }[];
}

/** Lots by id, as they were earned. */
export const readLots: Statement = {
  name: 'read-lots',
  text: `
    SELECT l.id, l.amount, l.expires_at, l.lapses, t.occurred_at, t.recorded_at
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.lots l
              WHERE l.business_id = w.business_id AND l.id = w.id OFFSET 0) l
     CROSS JOIN LATERAL (
             SELECT t.occurred_at, t.recorded_at FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = l.transaction_id OFFSET 0) t`,
};

export interface LotRecordRow {
  id: string;
  amount: number;
  expires_at: number | null;
  lapses: boolean;
  occurred_at: number;
  recorded_at: number;
}

/**
 * What moved on a card, newest first, with the balance after each: the sum of all before it. Ids of
 * transactions are made under the card's lock and are time-ordered, so they are the order of the books.
 */
export const readCardHistory: Statement = {
  name: 'read-card-history',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS w (business_id uuid, id uuid, before uuid, max_rows integer, with_outcome boolean)
    ), moved AS (
      SELECT p.transaction_id,
             sum(CASE 'card' WHEN p.to_account THEN p.amount
                             WHEN p.from_account THEN -p.amount ELSE 0 END)::bigint AS change,
             sum(CASE 'debt' WHEN p.from_account THEN p.amount
                             WHEN p.to_account THEN -p.amount ELSE 0 END)::bigint AS debt_change
        FROM wanted w
       CROSS JOIN LATERAL (
               SELECT * FROM loyalty.postings p
                WHERE p.business_id = w.business_id AND p.card_id = w.id OFFSET 0) p
       GROUP BY p.transaction_id
    ), running AS (
      SELECT *, sum(change) OVER (ORDER BY transaction_id)::bigint AS balance FROM moved
    ), page AS MATERIALIZED (
      SELECT r.* FROM running r, wanted w
       WHERE w.before IS NULL OR r.transaction_id < w.before
       ORDER BY r.transaction_id DESC LIMIT (SELECT max_rows FROM wanted)
    )
    SELECT t.id, r.change, r.debt_change, r.balance, t.kind, t.external_id, t.customer_id,
           t.occurred_at, t.recorded_at, CASE WHEN w.with_outcome THEN t.outcome END AS outcome, s.id AS store_id, s.name AS store_name,
           s.zone AS store_zone
      FROM wanted w
     CROSS JOIN page r
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = r.transaction_id OFFSET 0) t
      LEFT JOIN LATERAL (
             SELECT * FROM business.stores s
              WHERE s.business_id = w.business_id AND s.id = t.store_id OFFSET 0) s ON true
     ORDER BY r.transaction_id DESC`,
};

export interface HistoryRow {
  id: string;
  customer_id: string | null;
  change: number;
  debt_change: number;
  balance: number;
  kind: string;
  external_id: string;
  occurred_at: number;
  recorded_at: number;
  outcome: HistoryOutcome;
  store_id: string | null;
  store_name: string | null;
  store_zone: string | null;
}

/** What outcomes of any kind may say of a card. */
export interface HistoryOutcome {
  reason?: string;
  explanation?: { code: string; text: string }[];
  cards?: { cardId: string; explanation?: { code: string; text: string }[] }[];
}
