-- What one person may not do alone waits here for a second.

ALTER TABLE business.businesses
  -- Whole stamps or points that one person may put on a card or take off; null: any amount.
  ADD COLUMN adjustment_limit integer CHECK (adjustment_limit >= 0);

CREATE TABLE business.approvals (
  business_id    uuid NOT NULL REFERENCES business.businesses (id),
  id             uuid NOT NULL,
  -- The command that waits, what it was told, and the job that its sender polls.
  kind           text NOT NULL,
  payload        json NOT NULL,
  job_id         uuid NOT NULL,
  request_hash   text NOT NULL,
  subject_id     text,
  requested_by   json NOT NULL,
  requested_at   timestamptz NOT NULL,
  status         text NOT NULL DEFAULT 'pending'
                 CHECK (status IN ('pending', 'approved', 'rejected')),
  decided_by     json,
  decided_at     timestamptz,
  reason         text,
  transaction_id uuid,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, job_id)
);

GRANT INSERT ON business.approvals TO regulars_worker;
GRANT UPDATE (status, decided_by, decided_at, reason, transaction_id) ON business.approvals
  TO regulars_worker;
