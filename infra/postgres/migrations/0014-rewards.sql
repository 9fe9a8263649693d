-- Rewards that customers claim, and the life of every issued reward.

CREATE TABLE loyalty.reward_definitions (
  business_id uuid NOT NULL,
  id          uuid NOT NULL,
  program_id  uuid NOT NULL,
  status      text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'live', 'paused', 'ended')),
  -- Raised by every edit, not by claims.
  revision    integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  -- How many can still be claimed; null means any number. Claims take from it under a row lock.
  stock_left  integer CHECK (stock_left >= 0),
  -- What is promised, to whom and when (see queues/reward-terms.ts).
  definition  jsonb NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs (business_id, id)
);
CREATE INDEX reward_definitions_program ON loyalty.reward_definitions (business_id, program_id);

ALTER TABLE loyalty.issued_rewards
  -- Where it can be used; null means wherever the program is.
  ADD COLUMN store_ids uuid[],
  ADD COLUMN coupon_code text,
  -- The reversed reward whose place it takes.
  ADD COLUMN replaces uuid,
  -- Who holds it, until when: from then on it counts as available, swept or not.
  ADD COLUMN reserved_by text,
  ADD COLUMN reserved_store_id uuid,
  ADD COLUMN reserved_until timestamptz,
  -- Who used it, where and when, in which transaction; stays when the redemption is reversed.
  ADD COLUMN redeemed_by text,
  ADD COLUMN redeemed_store_id uuid,
  ADD COLUMN redeemed_at timestamptz,
  ADD COLUMN redeemed_in uuid,
  ADD CONSTRAINT issued_rewards_reserved CHECK ((status = 'reserved') = (reserved_until IS NOT NULL)),
  ADD CONSTRAINT issued_rewards_redeemed CHECK (
    (status IN ('redeemed', 'reversed')) = (redeemed_at IS NOT NULL));
-- One redemption is given back once.
CREATE UNIQUE INDEX issued_rewards_replaces ON loyalty.issued_rewards (business_id, replaces)
  WHERE replaces IS NOT NULL;
CREATE INDEX issued_rewards_redeemed_in ON loyalty.issued_rewards (business_id, redeemed_in)
  WHERE redeemed_in IS NOT NULL;
-- What the sweeps look for.
CREATE INDEX issued_rewards_expiring ON loyalty.issued_rewards (business_id, expires_at)
  WHERE status IN ('available', 'reserved') AND expires_at IS NOT NULL;
CREATE INDEX issued_rewards_reservations ON loyalty.issued_rewards (business_id, reserved_until)
  WHERE status = 'reserved';

GRANT INSERT, UPDATE ON loyalty.reward_definitions TO regulars_worker;
GRANT UPDATE (reserved_by, reserved_store_id, reserved_until, redeemed_by, redeemed_store_id,
  redeemed_at, redeemed_in) ON loyalty.issued_rewards TO regulars_worker;
