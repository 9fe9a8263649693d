-- What the hourly verifier found. Nothing is repaired by itself: a row says what differs, and stays.

CREATE TABLE loyalty.ledger_differences (
  business_id    uuid NOT NULL REFERENCES business.businesses (id),
  card_id        uuid NOT NULL,
  rule           text NOT NULL,
  -- Ledger units: what the postings or lots say, and what the card says.
  expected       bigint NOT NULL,
  found          bigint NOT NULL,
  first_found_at timestamptz NOT NULL,
  last_found_at  timestamptz NOT NULL,
  PRIMARY KEY (business_id, card_id, rule)
);

-- The last run over each business that came to its end.
CREATE TABLE loyalty.ledger_checks (
  business_id uuid PRIMARY KEY REFERENCES business.businesses (id),
  started_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  cards       bigint NOT NULL,
  differences bigint NOT NULL
);

GRANT INSERT, UPDATE ON loyalty.ledger_differences, loyalty.ledger_checks TO regulars_worker;
