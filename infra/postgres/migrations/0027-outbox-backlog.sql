-- What a destination was not given at once: it was away, or slower than the facts came. It is given
-- them from here, at its own pace, so that the others need not wait for it.
CREATE TABLE loyalty.outbox_backlog (
  business_id uuid NOT NULL,
  destination text NOT NULL,
  -- The outbox row's.
  id          uuid NOT NULL,
  events      json NOT NULL,
  recorded_at timestamptz NOT NULL,
  -- Tries from here. Each is counted before it is made, so that one that kills its relay counts too.
  attempts    integer NOT NULL DEFAULT 0,
  -- When it may be tried again. Whoever tries moves it ahead, and so holds the row for a while.
  due_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, destination, id)
);
CREATE INDEX outbox_backlog_due ON loyalty.outbox_backlog (destination, due_at);

GRANT INSERT, UPDATE, DELETE ON loyalty.outbox_backlog TO regulars_worker;
SELECT app.protect('loyalty.outbox_backlog');

GRANT SELECT, UPDATE ON loyalty.outbox_backlog TO regulars_doors;
CREATE POLICY doors ON loyalty.outbox_backlog FOR ALL TO regulars_doors USING (true);

-- Rows that one destination is to be given now, held for as long as `lease`.
CREATE FUNCTION app.claim_backlog(of_destination text, below_attempts integer, max_rows integer,
                                  lease interval)
RETURNS TABLE (id uuid, business_id uuid, events json, attempts integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
  UPDATE loyalty.outbox_backlog b
     SET attempts = b.attempts + 1, due_at = clock_timestamp() + lease
    FROM (SELECT o.business_id, o.id FROM loyalty.outbox_backlog o
           WHERE o.destination = of_destination AND o.due_at <= clock_timestamp()
             AND o.attempts < below_attempts
           ORDER BY o.due_at LIMIT max_rows FOR UPDATE SKIP LOCKED) due
   WHERE b.business_id = due.business_id AND b.destination = of_destination AND b.id = due.id
  RETURNING b.id, b.business_id, b.events, b.attempts
$$;

-- Which of these destinations have something to be given.
CREATE FUNCTION app.find_due_backlog(destinations text[]) RETURNS SETOF text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
  SELECT d FROM unnest(destinations) d
   WHERE EXISTS (SELECT FROM loyalty.outbox_backlog b
                  WHERE b.destination = d AND b.due_at <= clock_timestamp())
$$;

-- How much waits, for people who look after the system: numbers, and nothing of any business.
-- The row without a destination is what no relay has taken yet.
CREATE FUNCTION app.measure_outbox()
RETURNS TABLE (destination text, facts bigint, oldest timestamptz, most_attempts integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT NULL, count(*), min(o.recorded_at), 0 FROM loyalty.outbox o
  UNION ALL
  SELECT b.destination, count(*), min(b.recorded_at), max(b.attempts)
    FROM loyalty.outbox_backlog b GROUP BY b.destination
$$;

DO $$
DECLARE door regprocedure;
BEGIN
  GRANT CREATE ON SCHEMA app TO regulars_doors;
  FOREACH door IN ARRAY ARRAY[
    'app.claim_backlog(text, integer, integer, interval)',
    'app.find_due_backlog(text[])',
    'app.measure_outbox()']::regprocedure[]
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('ALTER FUNCTION %s OWNER TO regulars_doors', door);
  END LOOP;
  REVOKE CREATE ON SCHEMA app FROM regulars_doors;
END $$;
GRANT EXECUTE ON FUNCTION app.claim_backlog(text, integer, integer, interval),
  app.find_due_backlog(text[]) TO regulars_worker;
GRANT EXECUTE ON FUNCTION app.measure_outbox() TO regulars_edge, regulars_worker;
