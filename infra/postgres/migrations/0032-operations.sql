-- What those who run Regulars ask across businesses, and what they did.

-- How much waits to leave, and since when: one index scan and at most 10,000 rows.
CREATE FUNCTION app.outbox_state() RETURNS TABLE (waiting bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT count(*), min(o.recorded_at)
    FROM (SELECT recorded_at FROM loyalty.outbox ORDER BY id LIMIT 10000) o
$$;
REVOKE ALL ON FUNCTION app.outbox_state() FROM PUBLIC;

DO $$
BEGIN
  GRANT CREATE ON SCHEMA app TO regulars_doors;
  ALTER FUNCTION app.outbox_state() OWNER TO regulars_doors;
  REVOKE CREATE ON SCHEMA app FROM regulars_doors;
END $$;
GRANT EXECUTE ON FUNCTION app.outbox_state() TO regulars_edge, regulars_worker;
