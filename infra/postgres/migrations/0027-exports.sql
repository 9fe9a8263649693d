-- What a business took along, and until when it can be fetched.
CREATE TABLE business.exports (
  business_id  uuid NOT NULL REFERENCES business.businesses (id),
  -- The job's.
  id           uuid NOT NULL,
  requested_by text NOT NULL,
  started_at   timestamptz NOT NULL,
  finished_at  timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  -- Name, rows and bytes of each.
  files        json NOT NULL,
  PRIMARY KEY (business_id, id)
);

GRANT INSERT ON business.exports TO regulars_worker;
SELECT app.protect('business.exports');
