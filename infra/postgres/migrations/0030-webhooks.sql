-- What happened, told to the business's own servers.

CREATE TABLE business.webhook_endpoints (
  business_id     uuid NOT NULL REFERENCES business.businesses (id),
  id              uuid NOT NULL,
  name            text NOT NULL,
  url             text NOT NULL,
  -- Null: all there are, those to come included.
  types           text[],
  status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'removed')),
  disabled_reason text CHECK (disabled_reason IN ('staff', 'gone', 'failing')),
  disabled_at     timestamptz,
  -- Both sealed. The one before signs as well until its time is over.
  secret          text NOT NULL,
  previous_secret text,
  previous_until  timestamptz,
  rotated_at      timestamptz,
  -- Since when nothing has arrived there; null while it does.
  failing_since   timestamptz,
  revision        integer NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, id)
);

-- One event on its way to one endpoint; written as the event leaves the outbox, so there is one for each.
CREATE TABLE business.webhook_deliveries (
  business_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  -- The event's: receivers know by it what they have seen.
  id          uuid NOT NULL,
  type        text NOT NULL,
  body        text NOT NULL,
  status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
  -- Why it failed, or failed last.
  failure     text,
  -- The next try; null for one that has come to its end.
  due_at      timestamptz CHECK ((due_at IS NULL) = (status <> 'pending')),
  -- From then on a try that fails is the last.
  give_up_at  timestamptz NOT NULL,
  -- So far, since it was sent or sent again.
  tries       integer NOT NULL DEFAULT 0,
  -- The last of them: when, status, latency, and the beginning of the answer.
  attempts    jsonb NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (business_id, endpoint_id, id)
);
CREATE INDEX webhook_deliveries_due ON business.webhook_deliveries (business_id, endpoint_id, due_at)
  WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_old ON business.webhook_deliveries (business_id, created_at);

GRANT INSERT, UPDATE ON business.webhook_endpoints TO regulars_worker;
GRANT INSERT, UPDATE, DELETE ON business.webhook_deliveries TO regulars_worker;
SELECT app.protect('business.webhook_endpoints');
SELECT app.protect('business.webhook_deliveries');

-- Endpoints with something to be sent, whoever's: a probe of an index for each that is active.
GRANT SELECT ON business.webhook_endpoints, business.webhook_deliveries TO regulars_doors;
CREATE POLICY doors ON business.webhook_endpoints FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON business.webhook_deliveries FOR SELECT TO regulars_doors USING (true);
CREATE FUNCTION app.find_due_webhooks(by timestamptz, max_rows integer)
RETURNS TABLE (business_id uuid, endpoint_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT e.business_id, e.id FROM business.webhook_endpoints e
   WHERE e.status = 'active'
     AND EXISTS (SELECT FROM business.webhook_deliveries d
                  WHERE d.business_id = e.business_id AND d.endpoint_id = e.id AND d.due_at <= by)
   LIMIT max_rows
$$;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA app TO regulars_doors;
  REVOKE ALL ON FUNCTION app.find_due_webhooks(timestamptz, integer) FROM PUBLIC;
  ALTER FUNCTION app.find_due_webhooks(timestamptz, integer) OWNER TO regulars_doors;
  REVOKE CREATE ON SCHEMA app FROM regulars_doors;
END $$;
GRANT EXECUTE ON FUNCTION app.find_due_webhooks(timestamptz, integer) TO regulars_worker;
