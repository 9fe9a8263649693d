-- The books beyond sales: refunds, adjustments, spent points and whatever else moves stamps or
-- points are transactions too, so that a card's history always sums to its balance.

ALTER TABLE loyalty.transactions
  DROP CONSTRAINT transactions_kind_check,
  ADD CONSTRAINT transactions_kind_check CHECK (kind IN (
    'purchase', 'refund', 'award', 'adjustment', 'reward', 'expiry', 'merge', 'unmerge',
    'opening-balance')),
  ALTER COLUMN store_id DROP NOT NULL,
  -- The sale that a refund takes back, or that a correction belongs to.
  ADD COLUMN original_id uuid,
  -- What judged a sale (version, multipliers, room under caps), so that a refund is judged alike.
  ADD COLUMN judgement json;
CREATE INDEX transactions_original ON loyalty.transactions (business_id, original_id)
  WHERE original_id IS NOT NULL;
CREATE INDEX transactions_customer ON loyalty.transactions (business_id, customer_id, occurred_at);

-- What a refund cannot take back is owed: from 'debt' when it arises, to 'debt' when it is repaid.
ALTER TABLE loyalty.postings
  DROP CONSTRAINT postings_check,
  DROP CONSTRAINT postings_from_account_check,
  DROP CONSTRAINT postings_to_account_check,
  ADD CONSTRAINT postings_check CHECK (
    from_account <> to_account
    AND ('card' IN (from_account, to_account) OR 'debt' IN (from_account, to_account))),
  ADD CONSTRAINT postings_from_account_check CHECK (
    from_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card', 'debt')),
  ADD CONSTRAINT postings_to_account_check CHECK (
    to_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card', 'debt')),
  -- The reward that the amount paid for, or came back from.
  ADD COLUMN reward_id uuid;

ALTER TABLE loyalty.cards
  -- Ledger units owed: what a refund could not take back, repaid by the next earning.
  ADD COLUMN debt bigint NOT NULL DEFAULT 0 CHECK (debt >= 0);

ALTER TABLE loyalty.issued_rewards
  -- Each change of state is a compare-and-set on this.
  ADD COLUMN version integer NOT NULL DEFAULT 0,
  -- The lots that paid for it, as [{lotId, amount}]: where its cost goes back to.
  ADD COLUMN funding json NOT NULL DEFAULT '[]';

ALTER TABLE loyalty.jobs
  DROP CONSTRAINT jobs_status_check,
  -- 'waiting' is not an end: a refund that came before its sale.
  ADD CONSTRAINT jobs_status_check CHECK (status IN ('completed', 'declined', 'failed', 'waiting')),
  -- What commands other than sales answer; a sale's answer is its transaction's outcome.
  ADD COLUMN result json;

-- Who did what to whom: one row a command of a person or of an administrating key.
CREATE TABLE business.audit_log (
  business_id    uuid NOT NULL REFERENCES business.businesses (id),
  id             uuid NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT now(),
  principal_kind text NOT NULL,
  principal_id   text NOT NULL,
  -- The command's name, and the ids it was about.
  action         text NOT NULL,
  subject_id     text,
  job_id         uuid NOT NULL,
  outcome        text NOT NULL CHECK (outcome IN ('completed', 'declined', 'waiting')),
  detail         json,
  PRIMARY KEY (business_id, id)
);

GRANT SELECT ON business.audit_log TO regulars_edge, regulars_worker;
GRANT INSERT ON business.audit_log TO regulars_worker;
GRANT UPDATE (debt, status) ON loyalty.cards TO regulars_worker;
GRANT UPDATE (status, version, funding, expires_at) ON loyalty.issued_rewards TO regulars_worker;
