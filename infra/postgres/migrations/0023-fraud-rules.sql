-- What a program watches for, and what was seen of the sales it watches. Only businesses with such
-- rules write sightings; they are what velocity is counted from, beside the books and never edited.

ALTER TABLE loyalty.programs ADD COLUMN fraud jsonb;

CREATE TABLE loyalty.sightings (
  business_id uuid NOT NULL,
  -- The job that made it: a job that is handled again is seen once.
  job_id uuid NOT NULL,
  store_id uuid NOT NULL,
  customer_id uuid,
  staff_id uuid,
  occurred_at timestamptz NOT NULL,
  -- Minor units; null for stamps given by hand.
  total_minor bigint,
  PRIMARY KEY (business_id, job_id)
);
CREATE INDEX sightings_store ON loyalty.sightings (business_id, store_id, occurred_at);
CREATE INDEX sightings_customer ON loyalty.sightings (business_id, customer_id, occurred_at)
  WHERE customer_id IS NOT NULL;
CREATE INDEX sightings_staff ON loyalty.sightings (business_id, staff_id, occurred_at)
  WHERE staff_id IS NOT NULL;
GRANT SELECT, INSERT ON loyalty.sightings TO regulars_worker;

-- A sale that was held gives what it earns in an entry of its own, once it is approved.
ALTER TABLE loyalty.transactions
  DROP CONSTRAINT transactions_kind_check,
  ADD CONSTRAINT transactions_kind_check CHECK (kind IN (
    'purchase', 'refund', 'award', 'adjustment', 'reward', 'expiry', 'merge', 'unmerge',
    'opening-balance', 'claim', 'release'));

ALTER TABLE loyalty.exceptions
  DROP CONSTRAINT exceptions_kind_check,
  ADD CONSTRAINT exceptions_kind_check CHECK (kind IN ('refund-without-sale', 'suspicion'));
