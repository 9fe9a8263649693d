-- Customers and opening balances come in by file; everything a business owns goes out by file.

CREATE TABLE business.imports (
  business_id  uuid NOT NULL REFERENCES business.businesses (id),
  -- The job's.
  id           uuid NOT NULL,
  sha256       text NOT NULL,
  is_dry_run   boolean NOT NULL,
  requested_by text NOT NULL,
  -- About how many there are; only the end knows.
  rows         integer NOT NULL,
  -- The checkpoint: results of so many rows are committed, with what they did.
  rows_done    integer NOT NULL DEFAULT 0,
  created      integer NOT NULL DEFAULT 0,
  credited     integer NOT NULL DEFAULT 0,
  known        integer NOT NULL DEFAULT 0,
  skipped      integer NOT NULL DEFAULT 0,
  failed       integer NOT NULL DEFAULT 0,
  started_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  PRIMARY KEY (business_id, id)
);

-- What became of each row, some hundreds to a row of ours. It names rows, columns and codes, never
-- what a cell held.
CREATE TABLE business.import_results (
  business_id uuid NOT NULL,
  import_id   uuid NOT NULL,
  first_row   integer NOT NULL,
  last_row    integer NOT NULL,
  -- Which of them to open for a status.
  statuses    text[] NOT NULL,
  results     json NOT NULL,
  PRIMARY KEY (business_id, import_id, first_row),
  FOREIGN KEY (business_id, import_id) REFERENCES business.imports (business_id, id)
);

GRANT INSERT, UPDATE ON business.imports TO regulars_worker;
GRANT INSERT ON business.import_results TO regulars_worker;
SELECT app.protect('business.imports');
SELECT app.protect('business.import_results');
