-- Two customers who are one: their cards become one card a program, and can be taken apart again.

ALTER TABLE loyalty.cards
  -- The card that carries on. Never a chain: a second merge moves those of the first along.
  ADD COLUMN merged_into uuid,
  ADD CONSTRAINT cards_merged CHECK ((status = 'merged') = (merged_into IS NOT NULL)),
  DROP CONSTRAINT cards_business_id_customer_id_program_id_key;
-- A merged card belongs to whoever holds the other one, so that its code leads there in one look.
CREATE UNIQUE INDEX cards_holder ON loyalty.cards (business_id, customer_id, program_id)
  WHERE status <> 'merged';
CREATE INDEX cards_merged_into ON loyalty.cards (business_id, merged_into)
  WHERE merged_into IS NOT NULL;

-- What one card gives to another goes through 'merged': card → merged on the one, merged → card on
-- the other, the same amount in the same transaction.
ALTER TABLE loyalty.postings
  DROP CONSTRAINT postings_from_account_check,
  DROP CONSTRAINT postings_to_account_check,
  ADD CONSTRAINT postings_from_account_check CHECK (
    from_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card', 'debt', 'merged')),
  ADD CONSTRAINT postings_to_account_check CHECK (
    to_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card', 'debt', 'merged'));

-- What a merge did, as far as taking it back needs it. Nothing personal: field names, not values.
CREATE TABLE customer.merges (
  business_id uuid NOT NULL,
  -- The transaction's.
  id          uuid NOT NULL,
  survivor_id uuid NOT NULL,
  merged_id   uuid NOT NULL,
  merged_at   timestamptz NOT NULL,
  undone_at   timestamptz,
  detail      json NOT NULL,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, survivor_id) REFERENCES customer.customers (business_id, id),
  FOREIGN KEY (business_id, merged_id) REFERENCES customer.customers (business_id, id)
);
CREATE INDEX merges_merged ON customer.merges (business_id, merged_id);
CREATE INDEX merges_survivor ON customer.merges (business_id, survivor_id);

GRANT INSERT, UPDATE (undone_at) ON customer.merges TO regulars_worker;
GRANT UPDATE (customer_id, merged_into, code) ON loyalty.cards TO regulars_worker;
GRANT UPDATE (customer_id) ON loyalty.offer_instances TO regulars_worker;
GRANT UPDATE (card_id) ON loyalty.lots, loyalty.issued_rewards TO regulars_worker;
