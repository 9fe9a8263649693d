-- Refunds that come before their sale wait for it; what nobody can explain is put before a person.

ALTER TABLE business.businesses
  -- How long a refund waits for its sale.
  ADD COLUMN refund_wait_days integer NOT NULL DEFAULT 7 CHECK (refund_wait_days >= 0);

CREATE TABLE loyalty.waiting_refunds (
  business_id      uuid NOT NULL,
  job_id           uuid NOT NULL,
  integration      text NOT NULL,
  sale_external_id text NOT NULL,
  -- The whole message, handled again when the sale is there.
  message          json NOT NULL,
  received_at      timestamptz NOT NULL,
  due_at           timestamptz NOT NULL,
  PRIMARY KEY (business_id, job_id)
);
-- What every sale looks for, so nothing but waiting refunds may ever be in this table.
CREATE INDEX waiting_refunds_sale
  ON loyalty.waiting_refunds (business_id, integration, sale_external_id);

-- What a rule cannot decide: somebody looks at it and settles it with a note.
CREATE TABLE loyalty.exceptions (
  business_id uuid NOT NULL,
  id          uuid NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('refund-without-sale')),
  job_id      uuid NOT NULL,
  detail      json NOT NULL,
  raised_at   timestamptz NOT NULL DEFAULT now(),
  settled_at  timestamptz,
  settled_by  text,
  note        text,
  PRIMARY KEY (business_id, id),
  CHECK ((settled_at IS NULL) = (settled_by IS NULL))
);
CREATE INDEX exceptions_open ON loyalty.exceptions (business_id, id) WHERE settled_at IS NULL;

GRANT INSERT, UPDATE, DELETE ON loyalty.waiting_refunds TO regulars_worker;
GRANT INSERT, UPDATE ON loyalty.exceptions TO regulars_worker;
