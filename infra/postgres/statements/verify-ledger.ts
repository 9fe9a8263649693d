import type { Statement } from '../statement.ts';

/** Cards with the sums behind them. One statement, so all of it is of one moment. */
export const sumCards: Statement = {
  name: 'sum-cards',
  text: `
    SELECT c.id, c.balance, c.debt, p.posted, p.owed, l.in_lots
      FROM json_to_recordset($1::json) AS w (business_id uuid, after_id uuid, max_rows integer)
     CROSS JOIN LATERAL (
             SELECT c.business_id, c.id, c.balance, c.debt FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id > w.after_id
              ORDER BY c.id LIMIT w.max_rows) c
     CROSS JOIN LATERAL (
             SELECT coalesce(sum(CASE 'card' WHEN to_account THEN amount
                                             WHEN from_account THEN -amount ELSE 0 END), 0)::bigint
                      AS posted,
                    coalesce(sum(CASE 'debt' WHEN from_account THEN amount
                                             WHEN to_account THEN -amount ELSE 0 END), 0)::bigint
                      AS owed
               FROM loyalty.postings p
              WHERE p.business_id = c.business_id AND p.card_id = c.id) p
     CROSS JOIN LATERAL (
             SELECT coalesce(sum(remaining), 0)::bigint AS in_lots FROM loyalty.lots l
              WHERE l.business_id = c.business_id AND l.card_id = c.id AND l.remaining > 0) l
     ORDER BY c.id`,
};

export interface CardSumsRow {
  id: string;
  balance: number;
  debt: number;
  posted: number;
  owed: number;
  in_lots: number;
}

export const noteDifferences: Statement = {
  name: 'note-differences',
  text: `
    INSERT INTO loyalty.ledger_differences AS d (business_id, card_id, rule, expected, found,
                                                 first_found_at, last_found_at)
    SELECT business_id, card_id, rule, expected, found, at, at
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, card_id uuid, rule text, expected bigint, found bigint,
                 at timestamptz)
     ORDER BY business_id, card_id, rule
        ON CONFLICT (business_id, card_id, rule) DO UPDATE
       SET expected = excluded.expected, found = excluded.found,
           last_found_at = greatest(d.last_found_at, excluded.last_found_at)`,
};

export const noteCheck: Statement = {
  name: 'note-check',
  text: `
    INSERT INTO loyalty.ledger_checks AS c (business_id, started_at, finished_at, cards, differences)
    SELECT business_id, started_at, finished_at, cards, differences
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, started_at timestamptz, finished_at timestamptz, cards bigint,
                 differences bigint)
        ON CONFLICT (business_id) DO UPDATE
       SET started_at = excluded.started_at, finished_at = excluded.finished_at,
           cards = excluded.cards, differences = excluded.differences
     WHERE c.started_at < excluded.started_at`,
};
