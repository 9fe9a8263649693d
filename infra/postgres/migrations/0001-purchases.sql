-- Three schemas: what a business sets up, whom it serves, and what was earned.
-- Keys start with business_id everywhere: a unique or foreign key without it would let one business
-- learn of another's rows, whatever policies say. Rows of the hot append-only tables carry no
-- foreign keys (see decisions/0004-no-foreign-keys-on-the-hot-path.md).

CREATE SCHEMA business;
CREATE SCHEMA customer;
CREATE SCHEMA loyalty;

-- business ---------------------------------------------------------------------------------------

CREATE TABLE business.businesses (
  id                    uuid PRIMARY KEY,
  name                  text NOT NULL,
  default_currency      char(3) NOT NULL,
  zone                  text NOT NULL,
  accept_past_days      integer NOT NULL DEFAULT 30 CHECK (accept_past_days >= 0),
  accept_future_minutes integer NOT NULL DEFAULT 5 CHECK (accept_future_minutes >= 0),
  -- Raised by every change of stores or programs; workers re-read the set-up when it moves.
  config_revision       bigint NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE business.brands (
  business_id uuid NOT NULL REFERENCES business.businesses (id),
  id          uuid NOT NULL,
  name        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id)
);

CREATE TABLE business.stores (
  business_id       uuid NOT NULL,
  id                uuid NOT NULL,
  brand_id          uuid NOT NULL,
  name              text NOT NULL,
  zone              text NOT NULL,
  day_start_minutes integer NOT NULL DEFAULT 0 CHECK (day_start_minutes BETWEEN 0 AND 1439),
  external_id       text,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, external_id),
  FOREIGN KEY (business_id, brand_id) REFERENCES business.brands (business_id, id)
);

CREATE TABLE business.api_keys (
  business_id uuid NOT NULL REFERENCES business.businesses (id),
  id          uuid NOT NULL,
  -- The till system. Two keys of one integration are the same principal, so rotating a key does not
  -- make yesterday's sales look new.
  integration text NOT NULL,
  name        text NOT NULL,
  -- SHA-256 of the whole key; the key itself is shown once and kept nowhere.
  secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
  scopes      text[] NOT NULL,
  store_ids   uuid[],
  created_at  timestamptz NOT NULL DEFAULT now(),
  revoked_at  timestamptz,
  PRIMARY KEY (business_id, id)
);

-- customer ---------------------------------------------------------------------------------------

CREATE TABLE customer.customers (
  business_id uuid NOT NULL REFERENCES business.businesses (id),
  id          uuid NOT NULL,
  name        text,
  phone       text,
  email       text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id)
);
CREATE UNIQUE INDEX customers_phone ON customer.customers (business_id, phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX customers_email ON customer.customers (business_id, email) WHERE email IS NOT NULL;

-- loyalty: set-up --------------------------------------------------------------------------------

CREATE TABLE loyalty.programs (
  business_id uuid NOT NULL,
  id          uuid NOT NULL,
  brand_id    uuid NOT NULL,
  name        text NOT NULL,
  unit        text NOT NULL CHECK (unit IN ('stamp', 'point')),
  currency    char(3) NOT NULL,
  zone        text NOT NULL,
  store_ids   uuid[],
  enrolment   text NOT NULL CHECK (enrolment IN ('automatic', 'by-request')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, brand_id) REFERENCES business.brands (business_id, id)
);

CREATE TABLE loyalty.program_versions (
  business_id uuid NOT NULL,
  program_id  uuid NOT NULL,
  number      integer NOT NULL CHECK (number > 0),
  valid_from  timestamptz NOT NULL,
  valid_to    timestamptz CHECK (valid_to > valid_from),
  definition  jsonb NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, program_id, number),
  FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs (business_id, id)
);

-- loyalty: the books -----------------------------------------------------------------------------
-- Amounts are ledger units: whole stamps, or micro-points.

CREATE TABLE loyalty.cards (
  business_id    uuid NOT NULL,
  id             uuid NOT NULL,
  program_id     uuid NOT NULL,
  customer_id    uuid NOT NULL,
  code           text NOT NULL,
  status         text NOT NULL DEFAULT 'active'
                 CHECK (status IN ('active', 'blocked', 'merged', 'closed')),
  balance        bigint NOT NULL DEFAULT 0 CHECK (balance >= 0),
  sequence       bigint NOT NULL DEFAULT 0,
  version_number integer NOT NULL,
  opened_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, code),
  UNIQUE (business_id, customer_id, program_id),
  FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs (business_id, id),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers (business_id, id)
) WITH (fillfactor = 80); -- room on the page, so that a new balance touches no index

CREATE TABLE loyalty.transactions (
  business_id   uuid NOT NULL,
  id            uuid NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('purchase')),
  integration   text NOT NULL,
  external_id   text NOT NULL,
  request_hash  text NOT NULL,
  store_id      uuid NOT NULL,
  customer_id   uuid,
  status        text NOT NULL CHECK (status IN ('recorded', 'review')),
  occurred_at   timestamptz NOT NULL,
  received_at   timestamptz NOT NULL,
  recorded_at   timestamptz NOT NULL DEFAULT now(),
  business_date date NOT NULL,
  -- The receipt as posted, and what was answered about it, explanation included: json, not jsonb,
  -- because they are written once, read whole, and shown as they were.
  receipt       json NOT NULL,
  outcome       json NOT NULL,
  PRIMARY KEY (business_id, id),
  -- Never twice, for ever: the truth behind every other guard against duplicates.
  UNIQUE (business_id, integration, kind, external_id)
);

CREATE TABLE loyalty.postings (
  business_id    uuid NOT NULL,
  transaction_id uuid NOT NULL,
  ordinal        smallint NOT NULL,
  program_id     uuid NOT NULL,
  card_id        uuid NOT NULL,
  from_account   text NOT NULL,
  to_account     text NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  -- Which lots an outgoing amount was drawn from.
  draws          json,
  occurred_at    timestamptz NOT NULL,
  business_date  date NOT NULL,
  recorded_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, transaction_id, ordinal),
  CHECK (from_account <> to_account AND 'card' IN (from_account, to_account)),
  CHECK (from_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card')),
  CHECK (to_account IN ('issued', 'redeemed', 'expired', 'adjusted', 'card'))
);
CREATE INDEX postings_card ON loyalty.postings (business_id, card_id, occurred_at);

CREATE TABLE loyalty.lots (
  business_id    uuid NOT NULL,
  id             uuid NOT NULL,
  card_id        uuid NOT NULL,
  transaction_id uuid NOT NULL,
  earned_at      timestamptz NOT NULL,
  expires_at     timestamptz,
  amount         bigint NOT NULL CHECK (amount > 0),
  remaining      bigint NOT NULL CHECK (remaining BETWEEN 0 AND amount),
  PRIMARY KEY (business_id, id)
);
CREATE INDEX lots_open ON loyalty.lots (business_id, card_id) WHERE remaining > 0;

CREATE TABLE loyalty.issued_rewards (
  business_id    uuid NOT NULL,
  id             uuid NOT NULL,
  card_id        uuid NOT NULL,
  transaction_id uuid NOT NULL,
  definition_id  uuid NOT NULL,
  code           text NOT NULL,
  name           text NOT NULL,
  benefit        json NOT NULL,
  cost           bigint NOT NULL,
  version_number integer NOT NULL,
  status         text NOT NULL DEFAULT 'available'
                 CHECK (status IN ('available', 'reserved', 'redeemed', 'reversed', 'expired', 'revoked')),
  issued_at      timestamptz NOT NULL,
  expires_at     timestamptz,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, code)
);
CREATE INDEX issued_rewards_card ON loyalty.issued_rewards (business_id, card_id);

-- A job's terminal state: the answer to "what became of my post", and the guard for every key.
CREATE TABLE loyalty.jobs (
  business_id    uuid NOT NULL,
  id             uuid NOT NULL,
  type           text NOT NULL,
  request_hash   text NOT NULL,
  status         text NOT NULL CHECK (status IN ('completed', 'declined', 'failed')),
  transaction_id uuid,
  problem        jsonb,
  received_at    timestamptz NOT NULL,
  finished_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id)
);

-- Facts on their way out, one row a transaction. A row goes when every destination has it.
CREATE TABLE loyalty.outbox (
  id          uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  events      json NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now()
);

-- Not even the owner edits the books: a correction is a new posting.
CREATE FUNCTION loyalty.refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loyalty.postings
  FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();
CREATE TRIGGER transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loyalty.transactions
  FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();

-- roles ------------------------------------------------------------------------------------------
-- The edge only reads. Workers write what a command may write, and never touch the set-up.

DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['regulars_edge', 'regulars_worker'] LOOP
    BEGIN
      EXECUTE format(
        'CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA business, customer, loyalty TO regulars_edge, regulars_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA business, customer, loyalty TO regulars_edge, regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA business, customer, loyalty
  GRANT SELECT ON TABLES TO regulars_edge, regulars_worker;

GRANT INSERT ON customer.customers, loyalty.cards, loyalty.transactions, loyalty.postings,
  loyalty.lots, loyalty.issued_rewards, loyalty.jobs, loyalty.outbox TO regulars_worker;
GRANT UPDATE (balance, sequence, version_number) ON loyalty.cards TO regulars_worker;
GRANT UPDATE (remaining) ON loyalty.lots TO regulars_worker;
GRANT UPDATE ON loyalty.jobs TO regulars_worker;
GRANT UPDATE, DELETE ON loyalty.outbox TO regulars_worker;
