-- What operators did to queues and jobs. It is nobody's but ours, so it has no business.
CREATE TABLE business.operations (
  -- The command's that told of it.
  id       uuid PRIMARY KEY,
  operator text NOT NULL,
  action   text NOT NULL,
  queue    text NOT NULL,
  job_ids  json NOT NULL,
  reason   text,
  asked_at timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operations_asked_at ON business.operations (asked_at);
GRANT INSERT ON business.operations TO regulars_worker;

-- The operators' pages find a customer's jobs before anybody knows of which business.
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid, integer) TO regulars_edge;
