-- What a business sets up for itself. Every resource that people edit has a revision: it counts the
-- changes, and whoever changes something names the revision that they saw. Nothing is deleted.

ALTER TABLE business.businesses
  ADD COLUMN revision   integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

ALTER TABLE business.brands
  ADD COLUMN description text,
  ADD COLUMN revision    integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at  timestamptz NOT NULL DEFAULT now();

ALTER TABLE business.stores
  ADD COLUMN address        text,
  ADD COLUMN opening_hours  jsonb,
  -- Sales from then on are refused; earlier ones may still arrive late.
  ADD COLUMN deactivated_at timestamptz,
  ADD COLUMN revision       integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at     timestamptz NOT NULL DEFAULT now();

CREATE TABLE business.staff (
  business_id uuid NOT NULL REFERENCES business.businesses (id),
  id          uuid NOT NULL,
  -- Who they are to the sign-in service (`sub`); null until they have accepted the invitation.
  subject     text,
  name        text NOT NULL,
  email       text,
  phone       text,
  role        text NOT NULL CHECK (role IN ('owner', 'manager', 'cashier', 'analyst')),
  -- Null means the whole business.
  store_ids   uuid[],
  -- Kept for the audit log, which names them by id.
  removed_at  timestamptz,
  revision    integer NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id)
);
CREATE UNIQUE INDEX staff_email ON business.staff (business_id, email) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX staff_subject_once ON business.staff (business_id, subject) WHERE removed_at IS NULL;
-- A token names no business.
CREATE INDEX staff_subject ON business.staff (subject) WHERE subject IS NOT NULL;

ALTER TABLE business.api_keys
  -- Its last characters, by which people tell one key from another.
  ADD COLUMN hint       text,
  ADD COLUMN revision   integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX api_keys_integration ON business.api_keys (business_id, integration);

ALTER TABLE loyalty.programs
  ADD COLUMN description text,
  -- The next version while it is being written; the first one that is not in force yet, if any.
  ADD COLUMN draft       jsonb,
  -- Times without earning, as [{from, to}]: a late sale is judged by when it happened.
  ADD COLUMN pauses      jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN archived_at timestamptz,
  ADD COLUMN revision    integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at  timestamptz NOT NULL DEFAULT now();

-- A version that another one replaced before it began has an empty window.
ALTER TABLE loyalty.program_versions
  DROP CONSTRAINT program_versions_check,
  ADD CONSTRAINT program_versions_check CHECK (valid_to >= valid_from);

GRANT INSERT, UPDATE ON business.businesses, business.brands, business.stores, business.staff,
  business.api_keys, loyalty.programs TO regulars_worker;
GRANT INSERT, UPDATE (valid_to) ON loyalty.program_versions TO regulars_worker;

-- Lists of an admin, newest first, and by store.
CREATE INDEX audit_log_subject ON business.audit_log (business_id, subject_id, id);

-- Public pages are asked for by an id alone, which stands on a poster.
CREATE INDEX brands_id ON business.brands (id);
CREATE INDEX programs_id ON loyalty.programs (id);
