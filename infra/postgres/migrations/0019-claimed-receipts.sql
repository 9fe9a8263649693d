-- A sale without a customer can be claimed by one, with the code on its receipt. The claim is an
-- entry of its own beside the sale, once: its external id is the sale's id.

ALTER TABLE loyalty.transactions
  DROP CONSTRAINT transactions_kind_check,
  ADD CONSTRAINT transactions_kind_check CHECK (kind IN (
    'purchase', 'refund', 'award', 'adjustment', 'reward', 'expiry', 'merge', 'unmerge',
    'opening-balance', 'claim')),
  ADD COLUMN claim_code text;
CREATE UNIQUE INDEX transactions_claim_code ON loyalty.transactions (business_id, claim_code)
  WHERE claim_code IS NOT NULL;
