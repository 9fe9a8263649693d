-- Offers: challenges of a program that customers receive, each receiving an instance of its own.

CREATE TABLE loyalty.offers (
  business_id     uuid NOT NULL,
  id              uuid NOT NULL,
  program_id      uuid NOT NULL,
  status          text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'live', 'ended')),
  ended_at        timestamptz CHECK ((ended_at IS NOT NULL) = (status = 'ended')),
  -- The terms; an instance keeps a copy of those it was opened under.
  name            text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('accumulate', 'single')),
  threshold_minor bigint NOT NULL CHECK (threshold_minor > 0),
  window_hours    integer NOT NULL CHECK (window_hours > 0),
  benefit         json NOT NULL,
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs (business_id, id)
);

-- Rows of these two are never deleted, and are written under the lock of the customer's cards: no
-- foreign keys (see decisions/0004-no-foreign-keys-on-the-hot-path.md).
CREATE TABLE loyalty.offer_instances (
  business_id  uuid NOT NULL,
  id           uuid NOT NULL,
  offer_id     uuid NOT NULL,
  program_id   uuid NOT NULL,
  customer_id  uuid NOT NULL,
  card_id      uuid NOT NULL,
  terms        json NOT NULL,
  opens_at     timestamptz NOT NULL,
  closes_at    timestamptz NOT NULL CHECK (closes_at >= opens_at),
  -- The purchase that completed it; it moves when an earlier one arrives late.
  completed_by uuid,
  completed_at timestamptz,
  -- The transaction that gave the benefit, while that stands, and how often it was given.
  award_id     uuid,
  awards       smallint NOT NULL DEFAULT 0,
  version      integer NOT NULL DEFAULT 0,
  -- Who gave it, and the id it had there: unique for ever, so that a repeat opens nothing.
  integration  text,
  external_id  text,
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  CHECK ((completed_by IS NULL) = (completed_at IS NULL)),
  CHECK ((integration IS NULL) = (external_id IS NULL))
) WITH (fillfactor = 80); -- room on the page, so that a completion touches no index
CREATE INDEX offer_instances_customer ON loyalty.offer_instances (business_id, customer_id, closes_at);
CREATE UNIQUE INDEX offer_instances_external
  ON loyalty.offer_instances (business_id, integration, external_id) WHERE external_id IS NOT NULL;

-- What each purchase inside an instance's window brought, less what was refunded.
CREATE TABLE loyalty.offer_contributions (
  business_id    uuid NOT NULL,
  instance_id    uuid NOT NULL,
  transaction_id uuid NOT NULL,
  occurred_at    timestamptz NOT NULL,
  -- Orders purchases of one instant, whatever the order in which they arrived.
  reference      text NOT NULL,
  amount_minor   bigint NOT NULL CHECK (amount_minor >= 0),
  PRIMARY KEY (business_id, instance_id, transaction_id)
);
-- A refund asks which offers its sale fed.
CREATE INDEX offer_contributions_transaction
  ON loyalty.offer_contributions (business_id, transaction_id);

GRANT INSERT, UPDATE ON loyalty.offers TO regulars_worker;
GRANT INSERT ON loyalty.offer_instances, loyalty.offer_contributions TO regulars_worker;
GRANT UPDATE (card_id, completed_by, completed_at, award_id, awards, version)
  ON loyalty.offer_instances TO regulars_worker;
GRANT UPDATE (amount_minor) ON loyalty.offer_contributions TO regulars_worker;
-- A row can only be locked by who may change something of it.
GRANT UPDATE (name) ON customer.customers TO regulars_worker;
