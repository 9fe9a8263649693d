import type { Statement } from '../statement.ts';

/**
 * Cards whose level ends by a moment, with their rows locked: a sale that changes the level has been
 * committed before, or waits.
 */
export const lockDueTiers: Statement = {
  name: 'lock-due-tiers',
  text: `
    SELECT t.card_id, t.program_id, t.level, t.since, t.until, t.noticed_at, c.customer_id,
           c.sequence
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, until timestamptz, after uuid, count integer)
      JOIN loyalty.card_tiers t
        ON t.business_id = w.business_id AND t.is_current AND t.level IS NOT NULL
       AND t.until <= w.until AND (w.after IS NULL OR t.card_id > w.after)
      JOIN loyalty.cards c
        ON c.business_id = t.business_id AND c.id = t.card_id AND c.status IN ('active', 'blocked')
     ORDER BY t.card_id
     LIMIT (SELECT count FROM json_to_recordset($1::json) AS w (count integer))
       FOR UPDATE OF c, t SKIP LOCKED`,
};

export interface DueTierRow {
  card_id: string;
  program_id: string;
  level: string;
  since: number;
  until: number;
  noticed_at: number | null;
  customer_id: string;
  sequence: number;
}

/** What was reached on cards, and on those that were merged into them. */
export const sumTierProgress: Statement = {
  name: 'sum-tier-progress',
  text: `
    SELECT coalesce(p.earned, 0)::bigint AS earned, coalesce(p.spend, 0)::bigint AS spend
      FROM json_to_recordset($1::json)
           AS w (ordinal integer, business_id uuid, card_id uuid, "from" date, "to" date)
     CROSS JOIN LATERAL (
             SELECT sum(p.earned) AS earned, sum(p.spend) AS spend FROM (
                      SELECT w.card_id AS id
                      UNION ALL
                      SELECT c.id FROM loyalty.cards c
                       WHERE c.business_id = w.business_id AND c.merged_into = w.card_id) c
              CROSS JOIN LATERAL (
                      SELECT p.earned, p.spend FROM loyalty.tier_progress p
                       WHERE p.business_id = w.business_id AND p.card_id = c.id
                         AND p.business_date BETWEEN w."from" AND w."to" OFFSET 0) p) p
     ORDER BY w.ordinal`,
};

/** The same level for longer, or with the notice that it falls. */
export const changeHoldings: Statement = {
  name: 'change-holdings',
  text: `
    UPDATE loyalty.card_tiers t
       SET until = r.until, noticed_at = r.noticed_at, notices = t.notices + r.notices
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, card_id uuid, until timestamptz, noticed_at timestamptz,
                 notices integer)
     WHERE t.business_id = r.business_id AND t.card_id = r.card_id AND t.is_current`,
};

/** Numbers the events of cards, and puts them on their way. */
export const publishCardEvents: Statement = {
  name: 'publish-card-events',
  text: `
    WITH fresh AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS r (business_id uuid, card_id uuid, id uuid, events json, sequence bigint)
    ), numbered AS (
      UPDATE loyalty.cards c SET sequence = r.sequence
        FROM fresh r WHERE c.business_id = r.business_id AND c.id = r.card_id
    ), news AS (
      INSERT INTO loyalty.outbox (id, business_id, events)
      SELECT id, business_id, events FROM fresh
    )
    SELECT pg_notify('outbox', '')`,
};

/** Every level that some cards have held. */
export const findHoldings: Statement = {
  name: 'find-tier-holdings',
  text: `
    SELECT t.card_id, t.level, t.since, t.until, t.noticed_at
      FROM json_to_recordset($1::json) AS w (business_id uuid, card_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.card_tiers t
              WHERE t.business_id = w.business_id AND t.card_id = w.card_id OFFSET 0) t`,
};

export interface HoldingRow {
  card_id: string;
  level: string | null;
  since: number;
  until: number;
  noticed_at: number | null;
}
