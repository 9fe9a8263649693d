-- Who signs in, and as whom. The sign-in service knows people by a subject; a business knows them as
-- its customer. One subject may be a customer of many businesses, and one customer may sign in
-- in several ways.

CREATE TABLE customer.identities (
  business_id uuid NOT NULL,
  -- The `sub` of the customers' pool.
  subject     text NOT NULL,
  customer_id uuid NOT NULL,
  linked_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, subject),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers (business_id, id)
);
-- A token names no business.
CREATE INDEX identities_subject ON customer.identities (subject);
CREATE INDEX identities_customer ON customer.identities (business_id, customer_id);

GRANT INSERT, UPDATE, DELETE ON customer.identities TO regulars_worker;
