import type { Statement } from '../statement.ts';

/** What promotions gave to sales, and what refunds took back. */
export const insertPromotionUses: Statement = {
  name: 'insert-promotion-uses',
  text: `
    INSERT INTO loyalty.promotion_uses (business_id, promotion_id, transaction_id, card_id,
                                        customer_id, uses, amount, business_date)
    SELECT business_id, promotion_id, transaction_id, card_id, customer_id, uses, amount,
           business_date
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, promotion_id uuid, transaction_id uuid, card_id uuid,
                 customer_id uuid, uses smallint, amount bigint, business_date date)`,
};

/** Moves counters; one that would pass its ceiling, or fall below nothing, fails (a check). */
export const moveCounters: Statement = {
  name: 'move-counters',
  text: `
    UPDATE loyalty.counters c
       SET used = c.used + r.change
      FROM json_to_recordset($1::json) AS r (business_id uuid, key text, change bigint)
     WHERE c.business_id = r.business_id AND c.key = r.key`,
};

/** Adds to what counts towards levels. */
export const addTierProgress: Statement = {
  name: 'add-tier-progress',
  text: `
    INSERT INTO loyalty.tier_progress AS p (business_id, card_id, business_date, earned, spend)
    SELECT business_id, card_id, business_date, earned, spend
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, card_id uuid, business_date date, earned bigint, spend bigint)
        ON CONFLICT (business_id, card_id, business_date) DO UPDATE
       SET earned = p.earned + excluded.earned, spend = p.spend + excluded.spend`,
};

/** New levels of locked cards; the one held before becomes history. */
export const insertCardTiers: Statement = {
  name: 'insert-card-tiers',
  text: `
    WITH fresh AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS r (business_id uuid, card_id uuid, since timestamptz, program_id uuid, level text,
              until timestamptz, is_current boolean)
    ), past AS (
      UPDATE loyalty.card_tiers t SET is_current = false
        FROM (SELECT DISTINCT business_id, card_id FROM fresh) f
       WHERE t.business_id = f.business_id AND t.card_id = f.card_id AND t.is_current
      RETURNING 1
    )
    INSERT INTO loyalty.card_tiers (business_id, card_id, since, program_id, level, until,
                                    is_current)
    SELECT business_id, card_id, since, program_id, level, until, is_current
      FROM fresh WHERE (SELECT count(*) FROM past) >= 0`,
};
