-- Reports that were made, and until when they can be fetched.
CREATE TABLE business.reports (
  business_id  uuid NOT NULL REFERENCES business.businesses (id),
  -- The job's.
  id           uuid NOT NULL,
  requested_by text NOT NULL,
  from_date    date NOT NULL,
  to_date      date NOT NULL,
  -- Null for all of the business.
  store_id     uuid,
  currency     char(3) NOT NULL,
  -- The Monday of the week that it was made for by itself.
  week         date,
  made_at      timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  -- Name and bytes of each.
  files        json NOT NULL,
  PRIMARY KEY (business_id, id)
);
CREATE UNIQUE INDEX reports_week ON business.reports (business_id, week) WHERE week IS NOT NULL;
CREATE INDEX reports_made ON business.reports (business_id, made_at DESC, id);

GRANT INSERT ON business.reports TO regulars_worker;
SELECT app.protect('business.reports');
