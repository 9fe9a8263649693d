import type { Statement } from '../statement.ts';

/**
 * What promotions and levels ask of a card and its customer, one row per sale and program: uses
 * within the periods of limits, whether there was a sale before, progress in a window, levels held.
 * Its cards are locked by then, so none of it can change before the commit.
 */
export const findEarningFacts: Statement = {
  name: 'find-earning-facts',
  text: `
    SELECT w.ordinal, w.program_id, f.has_bought, c.birthday, c.tags, u.uses, p.earned, p.spend, h.history
      FROM json_to_recordset($1::json)
           AS w (ordinal integer, business_id uuid, program_id uuid, customer_id uuid,
                 card_id uuid, asks_first boolean, asks_customer boolean, limits json, tier_from date, tier_to date)
      LEFT JOIN LATERAL (
             SELECT true AS has_bought FROM (
                      SELECT w.customer_id AS id WHERE w.asks_first
                      UNION ALL
                      SELECT c.id FROM customer.customers c
                       WHERE w.asks_first AND c.business_id = w.business_id
                         AND c.merged_into = w.customer_id) c
              CROSS JOIN LATERAL (
                      SELECT FROM loyalty.transactions t
                       WHERE t.business_id = w.business_id AND t.customer_id = c.id
                         AND t.kind IN ('purchase', 'claim') LIMIT 1) t LIMIT 1) f ON true
      LEFT JOIN LATERAL (
             SELECT c.birthday, (SELECT json_agg(t.tag) FROM customer.customer_tags t
                                  WHERE t.business_id = w.business_id
                                    AND t.customer_id = w.customer_id) AS tags
               FROM customer.customers c
              WHERE w.asks_customer AND c.business_id = w.business_id
                AND c.id = w.customer_id) c ON true
      LEFT JOIN LATERAL (
             SELECT json_object_agg(l.promotion_id, l.uses) AS uses FROM (
               SELECT l.promotion_id, (
                        SELECT coalesce(sum(u.uses), 0) FROM loyalty.promotion_uses u
                         WHERE u.business_id = w.business_id AND u.customer_id = w.customer_id
                           AND u.promotion_id = l.promotion_id
                           AND u.business_date BETWEEN l.since AND l.until) AS uses
                 FROM json_to_recordset(w.limits)
                      AS l (promotion_id uuid, since date, until date)) l) u ON true
      LEFT JOIN LATERAL (
             SELECT sum(p.earned)::bigint AS earned, sum(p.spend)::bigint AS spend FROM (
                      SELECT w.card_id AS id WHERE w.tier_from IS NOT NULL
                      UNION ALL
                      SELECT c.id FROM loyalty.cards c
                       WHERE w.tier_from IS NOT NULL AND c.business_id = w.business_id
                         AND c.merged_into = w.card_id) c
              CROSS JOIN LATERAL (
                      SELECT p.earned, p.spend FROM loyalty.tier_progress p
                       WHERE p.business_id = w.business_id AND p.card_id = c.id
                         AND p.business_date BETWEEN w.tier_from AND w.tier_to OFFSET 0) p
             ) p ON true
      LEFT JOIN LATERAL (
             SELECT json_agg(json_build_object('level', h.level, 'since', h.since,
                             'until', h.until, 'noticedAt', h.noticed_at)) AS history
               FROM loyalty.card_tiers h
              WHERE w.tier_from IS NOT NULL AND h.business_id = w.business_id
                AND h.card_id = w.card_id) h ON true`,
};

export interface EarningFactsRow {
  ordinal: number;
  program_id: string;
  has_bought: true | null;
  birthday: string | null;
  tags: string[] | null;
  /** By promotion's uuid. */
  uses: Record<string, number> | null;
  earned: number | null;
  spend: number | null;
  history:
    { level: string | null; since: string; until: string; noticedAt: string | null }[] | null;
}

/**
 * Locks counters in the order of their names, making those that are new, and tells what they stand
 * at. Always after the cards: whoever waits here holds cards that nobody needs who is past this.
 */
export const lockCounters: Statement = {
  name: 'lock-counters',
  text: `
    INSERT INTO loyalty.counters AS c (business_id, key)
    SELECT business_id, key FROM json_to_recordset($1::json) AS r (business_id uuid, key text)
     ORDER BY business_id, key
        ON CONFLICT (business_id, key) DO UPDATE SET used = c.used
    RETURNING c.business_id, c.key, c.used, c.ceiling`,
};

/** The same without locks, for a preview. */
export const readCounters: Statement = {
  name: 'read-counters',
  text: `
    SELECT r.business_id, r.key, c.used, c.ceiling
      FROM json_to_recordset($1::json) AS r (business_id uuid, key text)
     CROSS JOIN LATERAL (
             SELECT c.used, c.ceiling FROM loyalty.counters c
              WHERE c.business_id = r.business_id AND c.key = r.key OFFSET 0) c`,
};

export interface CounterRow {
  business_id: string;
  key: string;
  used: number;
  ceiling: number | null;
}
