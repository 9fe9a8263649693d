-- Promotions beside a program's versions, the counters that cards share, and levels.

CREATE TABLE loyalty.promotions (
  business_id uuid NOT NULL,
  id          uuid NOT NULL,
  program_id  uuid NOT NULL,
  status      text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'live', 'paused', 'ended')),
  -- Raised by every change; edits name the one they saw.
  revision    integer NOT NULL DEFAULT 1,
  -- As the owner has it now.
  definition  jsonb NOT NULL,
  -- What was on, and when: [{from, to, definition}]. A sale is judged by the edition that was on
  -- when it occurred, however late it arrives.
  editions    jsonb NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs (business_id, id)
);
CREATE INDEX promotions_program ON loyalty.promotions (business_id, program_id, id);

-- What several cards share: a promotion's budget, what one member of staff gave in a day. Locked by
-- name, in sorted order, by whoever is going to move it, so that first committed is first served.
CREATE TABLE loyalty.counters (
  business_id uuid NOT NULL,
  key         text NOT NULL,
  -- Ledger units.
  used        bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  ceiling     bigint,
  PRIMARY KEY (business_id, key),
  CHECK (used <= ceiling)
) WITH (fillfactor = 50); -- a busy budget is rewritten by every batch, on its own page

-- Append-only: what a promotion gave to which sale, and what refunds took back.
CREATE TABLE loyalty.promotion_uses (
  business_id    uuid NOT NULL,
  promotion_id   uuid NOT NULL,
  transaction_id uuid NOT NULL,
  card_id        uuid NOT NULL,
  customer_id    uuid NOT NULL,
  uses           smallint NOT NULL CHECK (uses BETWEEN -1 AND 1),
  amount         bigint NOT NULL,
  -- Of the sale, also for a refund: the period in which it counts.
  business_date  date NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, promotion_id, transaction_id)
);
CREATE INDEX promotion_uses_customer
  ON loyalty.promotion_uses (business_id, customer_id, promotion_id, business_date);

-- What counts towards a level, by business date; refunds are taken off the date of their sale.
CREATE TABLE loyalty.tier_progress (
  business_id   uuid NOT NULL,
  card_id       uuid NOT NULL,
  business_date date NOT NULL,
  earned        bigint NOT NULL,
  spend         bigint NOT NULL,
  PRIMARY KEY (business_id, card_id, business_date)
);

-- The levels a card held and holds: the newest row is the level of today, null is none.
CREATE TABLE loyalty.card_tiers (
  business_id uuid NOT NULL,
  card_id     uuid NOT NULL,
  since       timestamptz NOT NULL,
  program_id  uuid NOT NULL,
  level       text,
  -- When the level is looked at again, and since when the customer knows that it will fall.
  until       timestamptz NOT NULL,
  noticed_at  timestamptz,
  -- How often the customer was told: each is an event of the card.
  notices     integer NOT NULL DEFAULT 0,
  is_current  boolean NOT NULL DEFAULT true,
  PRIMARY KEY (business_id, card_id, since)
);
CREATE UNIQUE INDEX card_tiers_current ON loyalty.card_tiers (business_id, card_id) WHERE is_current;
CREATE INDEX card_tiers_due ON loyalty.card_tiers (business_id, until)
  WHERE is_current AND level IS NOT NULL;

GRANT SELECT ON loyalty.promotions, loyalty.counters, loyalty.promotion_uses,
  loyalty.tier_progress, loyalty.card_tiers TO regulars_edge, regulars_worker;
GRANT INSERT, UPDATE ON loyalty.promotions, loyalty.counters, loyalty.tier_progress,
  loyalty.card_tiers TO regulars_worker;
GRANT INSERT ON loyalty.promotion_uses TO regulars_worker;
GRANT UPDATE (config_revision) ON business.businesses TO regulars_worker;
