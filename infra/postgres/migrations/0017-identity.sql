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

-- Whoever proves an e-mail address accepts what it was invited to; their token names no business.
CREATE INDEX staff_invited ON business.staff (lower(email))
  WHERE subject IS NULL AND removed_at IS NULL;

-- A customer sees their own jobs only, and the audit log knows who sent one.
CREATE INDEX audit_log_job ON business.audit_log (business_id, job_id);

GRANT INSERT, UPDATE, DELETE ON customer.identities TO regulars_worker;
