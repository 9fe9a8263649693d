-- What the migrations make, written from the catalogs: do not edit, run "npm run schema".
-- A migration's review shows its effect here.

-- roles -------------------------------------------------------------------------------------------

CREATE ROLE regulars_analytics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE regulars_doors NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE regulars_edge LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE regulars_mailer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE regulars_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;

-- schemas -----------------------------------------------------------------------------------------

CREATE SCHEMA analytics;
CREATE SCHEMA app;
CREATE SCHEMA business;
CREATE SCHEMA customer;
CREATE SCHEMA loyalty;
GRANT USAGE ON SCHEMA analytics TO regulars_analytics;
GRANT USAGE ON SCHEMA analytics TO regulars_edge;
GRANT USAGE ON SCHEMA analytics TO regulars_worker;
GRANT USAGE ON SCHEMA app TO regulars_analytics;
GRANT USAGE ON SCHEMA app TO regulars_doors;
GRANT USAGE ON SCHEMA app TO regulars_edge;
GRANT USAGE ON SCHEMA app TO regulars_worker;
GRANT USAGE ON SCHEMA business TO regulars_analytics;
GRANT USAGE ON SCHEMA business TO regulars_doors;
GRANT USAGE ON SCHEMA business TO regulars_edge;
GRANT USAGE ON SCHEMA business TO regulars_mailer;
GRANT USAGE ON SCHEMA business TO regulars_worker;
GRANT USAGE ON SCHEMA customer TO regulars_analytics;
GRANT USAGE ON SCHEMA customer TO regulars_doors;
GRANT USAGE ON SCHEMA customer TO regulars_edge;
GRANT USAGE ON SCHEMA customer TO regulars_mailer;
GRANT USAGE ON SCHEMA customer TO regulars_worker;
GRANT USAGE ON SCHEMA loyalty TO regulars_analytics;
GRANT USAGE ON SCHEMA loyalty TO regulars_doors;
GRANT USAGE ON SCHEMA loyalty TO regulars_edge;
GRANT USAGE ON SCHEMA loyalty TO regulars_mailer;
GRANT USAGE ON SCHEMA loyalty TO regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA analytics GRANT SELECT ON TABLES TO regulars_edge;
ALTER DEFAULT PRIVILEGES IN SCHEMA analytics GRANT SELECT ON TABLES TO regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA business GRANT SELECT ON TABLES TO regulars_edge;
ALTER DEFAULT PRIVILEGES IN SCHEMA business GRANT SELECT ON TABLES TO regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA customer GRANT SELECT ON TABLES TO regulars_edge;
ALTER DEFAULT PRIVILEGES IN SCHEMA customer GRANT SELECT ON TABLES TO regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA loyalty GRANT SELECT ON TABLES TO regulars_edge;
ALTER DEFAULT PRIVILEGES IN SCHEMA loyalty GRANT SELECT ON TABLES TO regulars_worker;

-- functions ---------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION app.claim_backlog(of_destination text, below_attempts integer, max_rows integer, lease interval)
 RETURNS TABLE(id uuid, business_id uuid, events json, attempts integer)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  UPDATE loyalty.outbox_backlog b
     SET attempts = b.attempts + 1, due_at = clock_timestamp() + lease
    FROM (SELECT o.business_id, o.id FROM loyalty.outbox_backlog o
           WHERE o.destination = of_destination AND o.due_at <= clock_timestamp()
             AND o.attempts < below_attempts
           ORDER BY o.due_at LIMIT max_rows FOR UPDATE SKIP LOCKED) due
   WHERE b.business_id = due.business_id AND b.destination = of_destination AND b.id = due.id
  RETURNING b.id, b.business_id, b.events, b.attempts
$function$
;
ALTER FUNCTION app.claim_backlog(text,integer,integer,interval) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.claim_backlog(text,integer,integer,interval) TO regulars_worker;

CREATE OR REPLACE FUNCTION app.claim_outbox(max_rows integer)
 RETURNS TABLE(id uuid, business_id uuid, events json)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT o.id, o.business_id, o.events FROM loyalty.outbox o
   ORDER BY o.id LIMIT max_rows FOR UPDATE SKIP LOCKED
$function$
;
ALTER FUNCTION app.claim_outbox(integer) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.claim_outbox(integer) TO regulars_worker;

CREATE OR REPLACE FUNCTION app.find_api_key(secret bytea)
 RETURNS TABLE(business_id uuid, id uuid, integration text, scopes text[], store_ids uuid[], is_for_all_stores boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT k.business_id, k.id, k.integration, k.scopes,
         coalesce(k.store_ids, ARRAY(SELECT s.id FROM business.stores s
                                      WHERE s.business_id = k.business_id ORDER BY s.id)),
         k.store_ids IS NULL
    FROM business.api_keys k WHERE k.secret_hash = secret AND k.revoked_at IS NULL
$function$
;
ALTER FUNCTION app.find_api_key(bytea) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_api_key(bytea) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.find_brand_owner(brand uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT b.business_id FROM business.brands b WHERE b.id = brand
$function$
;
ALTER FUNCTION app.find_brand_owner(uuid) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_brand_owner(uuid) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.find_customers(of_subject text)
 RETURNS TABLE(business_id uuid, customer_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT i.business_id, coalesce(c.merged_into, c.id)
    FROM customer.identities i
    JOIN customer.customers c ON c.business_id = i.business_id AND c.id = i.customer_id
   WHERE i.subject = of_subject AND c.erased_at IS NULL ORDER BY i.business_id
$function$
;
ALTER FUNCTION app.find_customers(text) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_customers(text) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.find_due_backlog(destinations text[])
 RETURNS SETOF text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT d FROM unnest(destinations) d
   WHERE EXISTS (SELECT FROM loyalty.outbox_backlog b
                  WHERE b.destination = d AND b.due_at <= clock_timestamp())
$function$
;
ALTER FUNCTION app.find_due_backlog(text[]) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_due_backlog(text[]) TO regulars_worker;

CREATE OR REPLACE FUNCTION app.find_due_webhooks(by timestamp with time zone, max_rows integer)
 RETURNS TABLE(business_id uuid, endpoint_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT e.business_id, e.id FROM business.webhook_endpoints e
   WHERE e.status = 'active'
     AND EXISTS (SELECT FROM business.webhook_deliveries d
                  WHERE d.business_id = e.business_id AND d.endpoint_id = e.id AND d.due_at <= by)
   LIMIT max_rows
$function$
;
ALTER FUNCTION app.find_due_webhooks(timestamp with time zone,integer) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_due_webhooks(timestamp with time zone,integer) TO regulars_worker;

CREATE OR REPLACE FUNCTION app.find_invitations(to_email text)
 RETURNS TABLE(business_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT s.business_id, s.id FROM business.staff s
   WHERE lower(s.email) = to_email AND s.subject IS NULL AND s.removed_at IS NULL
   ORDER BY s.business_id LIMIT 20
$function$
;
ALTER FUNCTION app.find_invitations(text) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_invitations(text) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.find_program_owner(program uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT p.business_id FROM loyalty.programs p WHERE p.id = program
$function$
;
ALTER FUNCTION app.find_program_owner(uuid) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_program_owner(uuid) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.find_staff(of_subject text)
 RETURNS TABLE(business_id uuid, id uuid, role text, store_ids uuid[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT s.business_id, s.id, s.role, s.store_ids FROM business.staff s
   WHERE s.subject = of_subject AND s.removed_at IS NULL ORDER BY s.business_id
$function$
;
ALTER FUNCTION app.find_staff(text) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.find_staff(text) TO regulars_edge;

CREATE OR REPLACE FUNCTION app.list_businesses(after_id uuid, max_rows integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT b.id FROM business.businesses b WHERE b.id > after_id ORDER BY b.id LIMIT max_rows
$function$
;
ALTER FUNCTION app.list_businesses(uuid,integer) OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid,integer) TO regulars_analytics;
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid,integer) TO regulars_edge;
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid,integer) TO regulars_worker;

CREATE OR REPLACE FUNCTION app.measure_outbox()
 RETURNS TABLE(destination text, facts bigint, oldest timestamp with time zone, most_attempts integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  SELECT NULL, count(*), min(o.recorded_at), 0 FROM loyalty.outbox o
  UNION ALL
  SELECT b.destination, count(*), min(b.recorded_at), max(b.attempts)
    FROM loyalty.outbox_backlog b GROUP BY b.destination
$function$
;
ALTER FUNCTION app.measure_outbox() OWNER TO regulars_doors;
GRANT EXECUTE ON FUNCTION app.measure_outbox() TO regulars_edge;
GRANT EXECUTE ON FUNCTION app.measure_outbox() TO regulars_worker;

CREATE OR REPLACE FUNCTION app.protect(tenant_table regclass, tenant_column name DEFAULT 'business_id'::name)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  -- Forced: the owner, too, sees only what it names, unless it is a superuser.
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('DROP POLICY IF EXISTS own_business ON %s', tenant_table);
  -- The setting stands in a subquery, which is evaluated once a statement and not once a row; the
  -- cast outside keeps ANY from taking it for a set of rows. Unset is NULL, and lets nothing through.
  EXECUTE format(
    'CREATE POLICY own_business ON %s USING (CASE WHEN %I = ANY ((SELECT string_to_array('
    || 'nullif(current_setting(''app.business'', true), ''''), '','')::uuid[])::uuid[])'
    || ' THEN true ELSE false END)',
    tenant_table, tenant_column);
END $function$
;

CREATE OR REPLACE FUNCTION customer.month_day(birthday date)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (((EXTRACT(month FROM birthday) * (100)::numeric) + EXTRACT(day FROM birthday)))::integer
;

CREATE OR REPLACE FUNCTION loyalty.refuse_edit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $function$
;

CREATE OR REPLACE FUNCTION loyalty.refuse_edit_but_erasure()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF to_jsonb(OLD) - 'receipt' - 'outcome' <> to_jsonb(NEW) - 'receipt' - 'outcome'
     OR NOT EXISTS (SELECT FROM customer.customers c
                     WHERE c.business_id = OLD.business_id AND c.id = OLD.customer_id
                       AND c.erased_at IS NOT NULL) THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $function$
;

-- tables ------------------------------------------------------------------------------------------

CREATE TABLE analytics.cards (
  business_id uuid NOT NULL,
  card_id uuid NOT NULL,
  CONSTRAINT cards_pkey PRIMARY KEY (business_id, card_id)
);
ALTER TABLE analytics.cards ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.cards FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.cards AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.cards TO regulars_analytics;
GRANT SELECT ON analytics.cards TO regulars_edge;
GRANT SELECT ON analytics.cards TO regulars_worker;

CREATE TABLE analytics.counted (
  business_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  CONSTRAINT counted_pkey PRIMARY KEY (business_id, transaction_id)
);
ALTER TABLE analytics.counted ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.counted FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.counted AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.counted TO regulars_analytics;
GRANT SELECT ON analytics.counted TO regulars_edge;
GRANT SELECT ON analytics.counted TO regulars_worker;

CREATE TABLE analytics.customer_days (
  business_id uuid NOT NULL,
  business_date date NOT NULL,
  customer_id uuid NOT NULL,
  store_id uuid,
  currency character(3) NOT NULL,
  visits integer NOT NULL,
  gross bigint NOT NULL,
  refunded bigint NOT NULL,
  CONSTRAINT customer_days_business_id_business_date_customer_id_store_i_key UNIQUE NULLS NOT DISTINCT (business_id, business_date, customer_id, store_id, currency)
);
CREATE INDEX customer_days_customer ON analytics.customer_days USING btree (business_id, customer_id);
ALTER TABLE analytics.customer_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.customer_days FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.customer_days AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.customer_days TO regulars_analytics;
GRANT SELECT ON analytics.customer_days TO regulars_edge;
GRANT SELECT ON analytics.customer_days TO regulars_worker;

CREATE TABLE analytics.customers (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  first_visit date,
  CONSTRAINT customers_pkey PRIMARY KEY (business_id, customer_id)
);
ALTER TABLE analytics.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.customers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.customers AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.customers TO regulars_analytics;
GRANT SELECT ON analytics.customers TO regulars_edge;
GRANT SELECT ON analytics.customers TO regulars_worker;

CREATE TABLE analytics.holdings (
  business_id uuid NOT NULL,
  card_id uuid NOT NULL,
  program_id uuid NOT NULL,
  store_id uuid,
  expires_month date,
  amount bigint NOT NULL,
  CONSTRAINT holdings_business_id_card_id_store_id_expires_month_key UNIQUE NULLS NOT DISTINCT (business_id, card_id, store_id, expires_month),
  CONSTRAINT holdings_amount_check CHECK ((amount > 0))
);
CREATE INDEX holdings_program ON analytics.holdings USING btree (business_id, program_id, expires_month) INCLUDE (amount, store_id);
ALTER TABLE analytics.holdings ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.holdings FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.holdings AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.holdings TO regulars_analytics;
GRANT SELECT ON analytics.holdings TO regulars_edge;
GRANT SELECT ON analytics.holdings TO regulars_worker;

CREATE TABLE analytics.program_days (
  business_id uuid NOT NULL,
  business_date date NOT NULL,
  program_id uuid NOT NULL,
  store_id uuid,
  issued bigint NOT NULL,
  redeemed bigint NOT NULL,
  expired bigint NOT NULL,
  adjusted bigint NOT NULL,
  owed bigint NOT NULL,
  CONSTRAINT program_days_business_id_business_date_program_id_store_id_key UNIQUE NULLS NOT DISTINCT (business_id, business_date, program_id, store_id)
);
ALTER TABLE analytics.program_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.program_days FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.program_days AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.program_days TO regulars_analytics;
GRANT SELECT ON analytics.program_days TO regulars_edge;
GRANT SELECT ON analytics.program_days TO regulars_worker;

CREATE TABLE analytics.promotion_days (
  business_id uuid NOT NULL,
  promotion_id uuid NOT NULL,
  business_date date NOT NULL,
  store_id uuid,
  currency character(3) NOT NULL,
  uses integer NOT NULL,
  gross bigint NOT NULL,
  refunded bigint NOT NULL,
  given bigint NOT NULL,
  CONSTRAINT promotion_days_business_id_promotion_id_business_date_store_key UNIQUE NULLS NOT DISTINCT (business_id, promotion_id, business_date, store_id, currency)
);
ALTER TABLE analytics.promotion_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.promotion_days FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.promotion_days AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.promotion_days TO regulars_analytics;
GRANT SELECT ON analytics.promotion_days TO regulars_edge;
GRANT SELECT ON analytics.promotion_days TO regulars_worker;

CREATE TABLE analytics.rewards (
  business_id uuid NOT NULL,
  reward_id uuid NOT NULL,
  program_id uuid NOT NULL,
  definition_id uuid NOT NULL,
  status text NOT NULL,
  is_replacement boolean NOT NULL,
  issued_on date NOT NULL,
  issued_store_id uuid,
  redeemed_on date,
  redeemed_store_id uuid,
  expires_on date,
  CONSTRAINT rewards_pkey PRIMARY KEY (business_id, reward_id)
);
CREATE INDEX rewards_issued ON analytics.rewards USING btree (business_id, issued_on);
CREATE INDEX rewards_open ON analytics.rewards USING btree (business_id, expires_on) WHERE (status = ANY (ARRAY['available'::text, 'reserved'::text]));
CREATE INDEX rewards_redeemed ON analytics.rewards USING btree (business_id, redeemed_on) WHERE (redeemed_on IS NOT NULL);
ALTER TABLE analytics.rewards ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.rewards FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.rewards AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.rewards TO regulars_analytics;
GRANT SELECT ON analytics.rewards TO regulars_edge;
GRANT SELECT ON analytics.rewards TO regulars_worker;

CREATE TABLE analytics.store_hours (
  business_id uuid NOT NULL,
  business_date date NOT NULL,
  store_id uuid,
  hour smallint NOT NULL,
  currency character(3) NOT NULL,
  sales integer NOT NULL,
  voided integer NOT NULL,
  awards integer NOT NULL,
  undone integer NOT NULL,
  gross bigint NOT NULL,
  refunds integer NOT NULL,
  refunded bigint NOT NULL,
  member_visits integer NOT NULL,
  member_gross bigint NOT NULL,
  member_refunded bigint NOT NULL,
  CONSTRAINT store_hours_business_id_business_date_store_id_hour_currenc_key UNIQUE NULLS NOT DISTINCT (business_id, business_date, store_id, hour, currency),
  CONSTRAINT store_hours_hour_check CHECK (((hour >= 0) AND (hour <= 23)))
);
ALTER TABLE analytics.store_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics.store_hours FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON analytics.store_hours AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON analytics.store_hours TO regulars_analytics;
GRANT SELECT ON analytics.store_hours TO regulars_edge;
GRANT SELECT ON analytics.store_hours TO regulars_worker;

CREATE TABLE business.api_keys (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  integration text NOT NULL,
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  scopes text[] NOT NULL,
  store_ids uuid[],
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  hint text,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT api_keys_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT api_keys_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT api_keys_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
CREATE INDEX api_keys_integration ON business.api_keys USING btree (business_id, integration);
CREATE INDEX api_keys_secret_hash ON business.api_keys USING btree (secret_hash);
ALTER TABLE business.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.api_keys AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.api_keys AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.api_keys TO regulars_worker;
GRANT SELECT ON business.api_keys TO regulars_doors;
GRANT SELECT ON business.api_keys TO regulars_edge;

CREATE TABLE business.approvals (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  payload json NOT NULL,
  job_id uuid NOT NULL,
  request_hash text NOT NULL,
  subject_id text,
  requested_by json NOT NULL,
  requested_at timestamp with time zone NOT NULL,
  status text NOT NULL DEFAULT 'pending'::text,
  decided_by json,
  decided_at timestamp with time zone,
  reason text,
  transaction_id uuid,
  CONSTRAINT approvals_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT approvals_business_id_job_id_key UNIQUE (business_id, job_id),
  CONSTRAINT approvals_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT approvals_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text])))
);
ALTER TABLE business.approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.approvals AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON business.approvals TO regulars_worker;
GRANT SELECT ON business.approvals TO regulars_edge;
GRANT UPDATE (payload, status, decided_by, decided_at, reason, transaction_id) ON business.approvals TO regulars_worker;

CREATE TABLE business.audit_log (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  principal_kind text NOT NULL,
  principal_id text NOT NULL,
  action text NOT NULL,
  subject_id text,
  job_id uuid NOT NULL,
  outcome text NOT NULL,
  detail json,
  CONSTRAINT audit_log_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT audit_log_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT audit_log_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'declined'::text, 'waiting'::text])))
);
CREATE INDEX audit_log_action ON business.audit_log USING btree (business_id, action, id);
CREATE INDEX audit_log_job ON business.audit_log USING btree (business_id, job_id);
CREATE INDEX audit_log_subject ON business.audit_log USING btree (business_id, subject_id, id);
ALTER TABLE business.audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.audit_log AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON business.audit_log TO regulars_worker;
GRANT SELECT ON business.audit_log TO regulars_edge;
GRANT UPDATE (principal_id, detail) ON business.audit_log TO regulars_worker;

CREATE TABLE business.brands (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  description text,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  colour text,
  logo jsonb,
  logo_folders text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT brands_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT brands_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT brands_colour_check CHECK ((colour ~ '^#[0-9a-f]{6}$'::text))
);
CREATE INDEX brands_id ON business.brands USING btree (id);
ALTER TABLE business.brands ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.brands FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.brands AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.brands AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.brands TO regulars_worker;
GRANT SELECT ON business.brands TO regulars_doors;
GRANT SELECT ON business.brands TO regulars_edge;
GRANT SELECT (business_id, id, name, colour, logo) ON business.brands TO regulars_mailer;

CREATE TABLE business.businesses (
  id uuid NOT NULL,
  name text NOT NULL,
  default_currency character(3) NOT NULL,
  zone text NOT NULL,
  accept_past_days integer NOT NULL DEFAULT 30,
  accept_future_minutes integer NOT NULL DEFAULT 5,
  config_revision bigint NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  adjustment_limit integer,
  refund_wait_days integer NOT NULL DEFAULT 7,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  locale text NOT NULL DEFAULT 'en'::text,
  CONSTRAINT businesses_pkey PRIMARY KEY (id),
  CONSTRAINT businesses_accept_future_minutes_check CHECK ((accept_future_minutes >= 0)),
  CONSTRAINT businesses_accept_past_days_check CHECK ((accept_past_days >= 0)),
  CONSTRAINT businesses_adjustment_limit_check CHECK ((adjustment_limit >= 0)),
  CONSTRAINT businesses_refund_wait_days_check CHECK ((refund_wait_days >= 0))
);
ALTER TABLE business.businesses ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.businesses FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.businesses AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.businesses AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.businesses TO regulars_worker;
GRANT SELECT ON business.businesses TO regulars_doors;
GRANT SELECT ON business.businesses TO regulars_edge;
GRANT SELECT (id, name, zone, locale) ON business.businesses TO regulars_mailer;
GRANT SELECT (id, zone) ON business.businesses TO regulars_analytics;
GRANT UPDATE (config_revision) ON business.businesses TO regulars_worker;

CREATE TABLE business.exports (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  requested_by text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  files json NOT NULL,
  CONSTRAINT exports_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT exports_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
ALTER TABLE business.exports ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.exports FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.exports AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON business.exports TO regulars_worker;
GRANT SELECT ON business.exports TO regulars_edge;

CREATE TABLE business.import_results (
  business_id uuid NOT NULL,
  import_id uuid NOT NULL,
  first_row integer NOT NULL,
  last_row integer NOT NULL,
  statuses text[] NOT NULL,
  results json NOT NULL,
  CONSTRAINT import_results_pkey PRIMARY KEY (business_id, import_id, first_row),
  CONSTRAINT import_results_business_id_import_id_fkey FOREIGN KEY (business_id, import_id) REFERENCES business.imports(business_id, id)
);
ALTER TABLE business.import_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.import_results FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.import_results AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON business.import_results TO regulars_worker;
GRANT SELECT ON business.import_results TO regulars_edge;

CREATE TABLE business.imports (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  sha256 text NOT NULL,
  is_dry_run boolean NOT NULL,
  requested_by text NOT NULL,
  rows integer NOT NULL,
  rows_done integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  credited integer NOT NULL DEFAULT 0,
  known integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT imports_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT imports_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
ALTER TABLE business.imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.imports FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.imports AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.imports TO regulars_worker;
GRANT SELECT ON business.imports TO regulars_edge;

CREATE TABLE business.mails (
  business_id uuid NOT NULL,
  event_id uuid NOT NULL,
  recipient_id uuid NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  reason text,
  claimed_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT mails_pkey PRIMARY KEY (business_id, event_id, recipient_id),
  CONSTRAINT mails_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT mails_status_check CHECK ((status = ANY (ARRAY['sending'::text, 'sent'::text, 'skipped'::text, 'bounced'::text, 'complained'::text, 'rejected'::text])))
);
CREATE INDEX mails_claimed ON business.mails USING btree (business_id, claimed_at);
CREATE INDEX mails_recipient ON business.mails USING btree (business_id, recipient_id, claimed_at);
ALTER TABLE business.mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.mails FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.mails AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, SELECT ON business.mails TO regulars_worker;
GRANT INSERT, SELECT, UPDATE ON business.mails TO regulars_mailer;
GRANT SELECT ON business.mails TO regulars_edge;

CREATE TABLE business.operations (
  id uuid NOT NULL,
  operator text NOT NULL,
  action text NOT NULL,
  queue text NOT NULL,
  job_ids json NOT NULL,
  reason text,
  asked_at timestamp with time zone NOT NULL,
  noted_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT operations_pkey PRIMARY KEY (id)
);
CREATE INDEX operations_asked_at ON business.operations USING btree (asked_at);
GRANT INSERT, SELECT ON business.operations TO regulars_worker;
GRANT SELECT ON business.operations TO regulars_edge;

CREATE TABLE business.reports (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  requested_by text NOT NULL,
  from_date date NOT NULL,
  to_date date NOT NULL,
  store_id uuid,
  currency character(3) NOT NULL,
  week date,
  made_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  files json NOT NULL,
  CONSTRAINT reports_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT reports_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
CREATE INDEX reports_made ON business.reports USING btree (business_id, made_at DESC, id);
CREATE UNIQUE INDEX reports_week ON business.reports USING btree (business_id, week) WHERE (week IS NOT NULL);
ALTER TABLE business.reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.reports FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON business.reports AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON business.reports TO regulars_worker;
GRANT SELECT ON business.reports TO regulars_edge;
GRANT SELECT (business_id, id, week) ON business.reports TO regulars_mailer;

CREATE TABLE business.staff (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  subject text,
  name text NOT NULL,
  email text,
  phone text,
  role text NOT NULL,
  store_ids uuid[],
  removed_at timestamp with time zone,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  mail_refusals text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT staff_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT staff_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT staff_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'cashier'::text, 'analyst'::text])))
);
CREATE UNIQUE INDEX staff_email ON business.staff USING btree (business_id, email) WHERE (removed_at IS NULL);
CREATE INDEX staff_invited ON business.staff USING btree (lower(email)) WHERE ((subject IS NULL) AND (removed_at IS NULL));
CREATE INDEX staff_subject ON business.staff USING btree (subject) WHERE (subject IS NOT NULL);
CREATE UNIQUE INDEX staff_subject_once ON business.staff USING btree (business_id, subject) WHERE (removed_at IS NULL);
ALTER TABLE business.staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.staff FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.staff AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.staff AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.staff TO regulars_worker;
GRANT SELECT ON business.staff TO regulars_doors;
GRANT SELECT ON business.staff TO regulars_edge;
GRANT SELECT (business_id, id, subject, name, email, role, removed_at, mail_refusals) ON business.staff TO regulars_mailer;

CREATE TABLE business.stores (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  brand_id uuid NOT NULL,
  name text NOT NULL,
  zone text NOT NULL,
  day_start_minutes integer NOT NULL DEFAULT 0,
  external_id text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  address text,
  opening_hours jsonb,
  deactivated_at timestamp with time zone,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT stores_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT stores_business_id_external_id_key UNIQUE (business_id, external_id),
  CONSTRAINT stores_business_id_brand_id_fkey FOREIGN KEY (business_id, brand_id) REFERENCES business.brands(business_id, id),
  CONSTRAINT stores_day_start_minutes_check CHECK (((day_start_minutes >= 0) AND (day_start_minutes <= 1439)))
);
ALTER TABLE business.stores ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.stores FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.stores AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.stores AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.stores TO regulars_worker;
GRANT SELECT ON business.stores TO regulars_doors;
GRANT SELECT ON business.stores TO regulars_edge;
GRANT SELECT (business_id, id, brand_id) ON business.stores TO regulars_mailer;
GRANT SELECT (business_id, id, zone, day_start_minutes) ON business.stores TO regulars_analytics;

CREATE TABLE business.webhook_deliveries (
  business_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  status text NOT NULL DEFAULT 'pending'::text,
  failure text,
  due_at timestamp with time zone,
  give_up_at timestamp with time zone NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  attempts jsonb NOT NULL DEFAULT '[]'::jsonb,
  created_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone,
  traceparent text,
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (business_id, endpoint_id, id),
  CONSTRAINT webhook_deliveries_check CHECK (((due_at IS NULL) = (status <> 'pending'::text))),
  CONSTRAINT webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX webhook_deliveries_due ON business.webhook_deliveries USING btree (business_id, endpoint_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX webhook_deliveries_old ON business.webhook_deliveries USING btree (business_id, created_at);
ALTER TABLE business.webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.webhook_deliveries AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.webhook_deliveries AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON business.webhook_deliveries TO regulars_worker;
GRANT SELECT ON business.webhook_deliveries TO regulars_doors;
GRANT SELECT ON business.webhook_deliveries TO regulars_edge;

CREATE TABLE business.webhook_endpoints (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  types text[],
  status text NOT NULL DEFAULT 'active'::text,
  disabled_reason text,
  disabled_at timestamp with time zone,
  secret text NOT NULL,
  previous_secret text,
  previous_until timestamp with time zone,
  rotated_at timestamp with time zone,
  failing_since timestamp with time zone,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT webhook_endpoints_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id),
  CONSTRAINT webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['staff'::text, 'gone'::text, 'failing'::text]))),
  CONSTRAINT webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text, 'removed'::text])))
);
ALTER TABLE business.webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE business.webhook_endpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON business.webhook_endpoints AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON business.webhook_endpoints AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON business.webhook_endpoints TO regulars_worker;
GRANT SELECT ON business.webhook_endpoints TO regulars_doors;
GRANT SELECT ON business.webhook_endpoints TO regulars_edge;

CREATE TABLE customer.customer_tags (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  tag text NOT NULL,
  CONSTRAINT customer_tags_pkey PRIMARY KEY (business_id, customer_id, tag),
  CONSTRAINT customer_tags_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers(business_id, id)
);
CREATE INDEX customer_tags_tag ON customer.customer_tags USING btree (business_id, tag, customer_id);
ALTER TABLE customer.customer_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.customer_tags FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON customer.customer_tags AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer.customer_tags TO regulars_worker;
GRANT SELECT ON customer.customer_tags TO regulars_edge;

CREATE TABLE customer.customers (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  name text,
  phone text,
  email text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  birthday date,
  locale text,
  consents jsonb NOT NULL DEFAULT '{}'::jsonb,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  merged_into uuid,
  erased_at timestamp with time zone,
  CONSTRAINT customers_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT customers_merged_into_fkey FOREIGN KEY (business_id, merged_into) REFERENCES customer.customers(business_id, id)
);
CREATE INDEX customers_birthday ON customer.customers USING btree (business_id, customer.month_day(birthday), id) WHERE (birthday IS NOT NULL);
CREATE UNIQUE INDEX customers_email ON customer.customers USING btree (business_id, email) WHERE (email IS NOT NULL);
CREATE INDEX customers_merged_into ON customer.customers USING btree (business_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE UNIQUE INDEX customers_phone ON customer.customers USING btree (business_id, phone) WHERE (phone IS NOT NULL);
ALTER TABLE customer.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.customers FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON customer.customers AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON customer.customers AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON customer.customers TO regulars_worker;
GRANT SELECT ON customer.customers TO regulars_doors;
GRANT SELECT ON customer.customers TO regulars_edge;
GRANT SELECT (business_id, id, merged_into) ON customer.customers TO regulars_analytics;
GRANT SELECT (business_id, id, name, email, locale, consents, merged_into, erased_at) ON customer.customers TO regulars_mailer;
GRANT UPDATE (name) ON customer.customers TO regulars_worker;

CREATE TABLE customer.external_ids (
  business_id uuid NOT NULL,
  system text NOT NULL,
  value text NOT NULL,
  customer_id uuid NOT NULL,
  CONSTRAINT external_ids_pkey PRIMARY KEY (business_id, system, value),
  CONSTRAINT external_ids_business_id_customer_id_system_key UNIQUE (business_id, customer_id, system)
);
ALTER TABLE customer.external_ids ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.external_ids FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON customer.external_ids AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer.external_ids TO regulars_worker;
GRANT SELECT ON customer.external_ids TO regulars_edge;

CREATE TABLE customer.identities (
  business_id uuid NOT NULL,
  subject text NOT NULL,
  customer_id uuid NOT NULL,
  linked_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT identities_pkey PRIMARY KEY (business_id, subject),
  CONSTRAINT identities_business_id_customer_id_fkey FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers(business_id, id)
);
CREATE INDEX identities_customer ON customer.identities USING btree (business_id, customer_id);
CREATE INDEX identities_subject ON customer.identities USING btree (subject);
ALTER TABLE customer.identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.identities FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON customer.identities AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON customer.identities AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer.identities TO regulars_worker;
GRANT SELECT ON customer.identities TO regulars_doors;
GRANT SELECT ON customer.identities TO regulars_edge;

CREATE TABLE customer.merges (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  survivor_id uuid NOT NULL,
  merged_id uuid NOT NULL,
  merged_at timestamp with time zone NOT NULL,
  undone_at timestamp with time zone,
  detail json NOT NULL,
  CONSTRAINT merges_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT merges_business_id_merged_id_fkey FOREIGN KEY (business_id, merged_id) REFERENCES customer.customers(business_id, id),
  CONSTRAINT merges_business_id_survivor_id_fkey FOREIGN KEY (business_id, survivor_id) REFERENCES customer.customers(business_id, id)
);
CREATE INDEX merges_merged ON customer.merges USING btree (business_id, merged_id);
CREATE INDEX merges_survivor ON customer.merges USING btree (business_id, survivor_id);
ALTER TABLE customer.merges ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.merges FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON customer.merges AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON customer.merges TO regulars_worker;
GRANT SELECT ON customer.merges TO regulars_edge;
GRANT UPDATE (undone_at) ON customer.merges TO regulars_worker;

CREATE TABLE customer.name_keys (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  CONSTRAINT name_keys_pkey PRIMARY KEY (business_id, customer_id, name_key)
);
CREATE INDEX name_keys_prefix ON customer.name_keys USING btree (business_id, name_key, customer_id);
ALTER TABLE customer.name_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer.name_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON customer.name_keys AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON customer.name_keys TO regulars_worker;
GRANT SELECT ON customer.name_keys TO regulars_edge;

CREATE TABLE customer.unreachable_addresses (
  address_hash bytea NOT NULL,
  reason text NOT NULL,
  since timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT unreachable_addresses_pkey PRIMARY KEY (address_hash),
  CONSTRAINT unreachable_addresses_address_hash_check CHECK ((octet_length(address_hash) = 32)),
  CONSTRAINT unreachable_addresses_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'complained'::text])))
);
GRANT INSERT, SELECT ON customer.unreachable_addresses TO regulars_mailer;

CREATE TABLE loyalty.announcements (
  business_id uuid NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  announced_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT announcements_pkey PRIMARY KEY (business_id, kind, key),
  CONSTRAINT announcements_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
CREATE INDEX announcements_announced ON loyalty.announcements USING btree (business_id, announced_at);
ALTER TABLE loyalty.announcements ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.announcements FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.announcements AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT ON loyalty.announcements TO regulars_worker;
GRANT SELECT ON loyalty.announcements TO regulars_edge;

CREATE TABLE loyalty.card_tiers (
  business_id uuid NOT NULL,
  card_id uuid NOT NULL,
  since timestamp with time zone NOT NULL,
  program_id uuid NOT NULL,
  level text,
  until timestamp with time zone NOT NULL,
  noticed_at timestamp with time zone,
  notices integer NOT NULL DEFAULT 0,
  is_current boolean NOT NULL DEFAULT true,
  CONSTRAINT card_tiers_pkey PRIMARY KEY (business_id, card_id, since)
);
CREATE UNIQUE INDEX card_tiers_current ON loyalty.card_tiers USING btree (business_id, card_id) WHERE is_current;
CREATE INDEX card_tiers_due ON loyalty.card_tiers USING btree (business_id, until) WHERE (is_current AND (level IS NOT NULL));
ALTER TABLE loyalty.card_tiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.card_tiers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.card_tiers AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.card_tiers TO regulars_worker;
GRANT SELECT ON loyalty.card_tiers TO regulars_edge;

CREATE TABLE loyalty.cards (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  program_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  code text COLLATE "C" NOT NULL,
  status text NOT NULL DEFAULT 'active'::text,
  balance bigint NOT NULL DEFAULT 0,
  sequence bigint NOT NULL DEFAULT 0,
  version_number integer NOT NULL,
  opened_at timestamp with time zone NOT NULL DEFAULT now(),
  debt bigint NOT NULL DEFAULT 0,
  active_until timestamp with time zone,
  merged_into uuid,
  CONSTRAINT cards_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT cards_business_id_code_key UNIQUE (business_id, code),
  CONSTRAINT cards_balance_check CHECK ((balance >= 0)),
  CONSTRAINT cards_debt_check CHECK ((debt >= 0)),
  CONSTRAINT cards_merged CHECK (((status = 'merged'::text) = (merged_into IS NOT NULL))),
  CONSTRAINT cards_status_check CHECK ((status = ANY (ARRAY['active'::text, 'blocked'::text, 'merged'::text, 'closed'::text])))
) WITH (fillfactor=80);
CREATE UNIQUE INDEX cards_holder ON loyalty.cards USING btree (business_id, customer_id, program_id) WHERE (status <> 'merged'::text);
CREATE INDEX cards_lapsing ON loyalty.cards USING btree (business_id, active_until, id) WHERE (active_until IS NOT NULL);
CREATE INDEX cards_merged_into ON loyalty.cards USING btree (business_id, merged_into) WHERE (merged_into IS NOT NULL);
ALTER TABLE loyalty.cards ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.cards FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.cards AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.cards TO regulars_worker;
GRANT SELECT ON loyalty.cards TO regulars_edge;
GRANT SELECT (business_id, id, program_id, balance, active_until) ON loyalty.cards TO regulars_analytics;
GRANT UPDATE (customer_id, code, status, balance, sequence, version_number, debt, active_until, merged_into) ON loyalty.cards TO regulars_worker;

CREATE TABLE loyalty.counters (
  business_id uuid NOT NULL,
  key text NOT NULL,
  used bigint NOT NULL DEFAULT 0,
  ceiling bigint,
  CONSTRAINT counters_pkey PRIMARY KEY (business_id, key),
  CONSTRAINT counters_check CHECK ((used <= ceiling)),
  CONSTRAINT counters_used_check CHECK ((used >= 0))
) WITH (fillfactor=50);
ALTER TABLE loyalty.counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.counters FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.counters AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.counters TO regulars_worker;
GRANT SELECT ON loyalty.counters TO regulars_edge;

CREATE TABLE loyalty.exceptions (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  job_id uuid NOT NULL,
  detail json NOT NULL,
  raised_at timestamp with time zone NOT NULL DEFAULT now(),
  settled_at timestamp with time zone,
  settled_by text,
  note text,
  CONSTRAINT exceptions_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT exceptions_check CHECK (((settled_at IS NULL) = (settled_by IS NULL))),
  CONSTRAINT exceptions_kind_check CHECK ((kind = ANY (ARRAY['refund-without-sale'::text, 'suspicion'::text])))
);
CREATE INDEX exceptions_open ON loyalty.exceptions USING btree (business_id, id) WHERE (settled_at IS NULL);
ALTER TABLE loyalty.exceptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.exceptions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.exceptions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.exceptions TO regulars_worker;
GRANT SELECT ON loyalty.exceptions TO regulars_edge;

CREATE TABLE loyalty.issued_rewards (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  card_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  definition_id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  benefit json NOT NULL,
  cost bigint NOT NULL,
  version_number integer NOT NULL,
  status text NOT NULL DEFAULT 'available'::text,
  issued_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  version integer NOT NULL DEFAULT 0,
  funding json NOT NULL DEFAULT '[]'::json,
  store_ids uuid[],
  coupon_code text,
  replaces uuid,
  reserved_by text,
  reserved_store_id uuid,
  reserved_until timestamp with time zone,
  redeemed_by text,
  redeemed_store_id uuid,
  redeemed_at timestamp with time zone,
  redeemed_in uuid,
  CONSTRAINT issued_rewards_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT issued_rewards_business_id_code_key UNIQUE (business_id, code),
  CONSTRAINT issued_rewards_redeemed CHECK (((status = ANY (ARRAY['redeemed'::text, 'reversed'::text])) = (redeemed_at IS NOT NULL))),
  CONSTRAINT issued_rewards_reserved CHECK (((status = 'reserved'::text) = (reserved_until IS NOT NULL))),
  CONSTRAINT issued_rewards_status_check CHECK ((status = ANY (ARRAY['available'::text, 'reserved'::text, 'redeemed'::text, 'reversed'::text, 'expired'::text, 'revoked'::text])))
);
CREATE INDEX issued_rewards_card ON loyalty.issued_rewards USING btree (business_id, card_id);
CREATE INDEX issued_rewards_expiring ON loyalty.issued_rewards USING btree (business_id, expires_at) WHERE ((status = ANY (ARRAY['available'::text, 'reserved'::text])) AND (expires_at IS NOT NULL));
CREATE INDEX issued_rewards_redeemed_in ON loyalty.issued_rewards USING btree (business_id, redeemed_in) WHERE (redeemed_in IS NOT NULL);
CREATE UNIQUE INDEX issued_rewards_replaces ON loyalty.issued_rewards USING btree (business_id, replaces) WHERE (replaces IS NOT NULL);
CREATE INDEX issued_rewards_reservations ON loyalty.issued_rewards USING btree (business_id, reserved_until) WHERE (status = 'reserved'::text);
ALTER TABLE loyalty.issued_rewards ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.issued_rewards FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.issued_rewards AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.issued_rewards TO regulars_worker;
GRANT SELECT ON loyalty.issued_rewards TO regulars_edge;
GRANT SELECT (business_id, id, card_id, transaction_id, definition_id, status, expires_at, replaces, redeemed_store_id, redeemed_at) ON loyalty.issued_rewards TO regulars_analytics;
GRANT SELECT (business_id, id, status, replaces) ON loyalty.issued_rewards TO regulars_mailer;
GRANT UPDATE (card_id, status, expires_at, version, funding, reserved_by, reserved_store_id, reserved_until, redeemed_by, redeemed_store_id, redeemed_at, redeemed_in) ON loyalty.issued_rewards TO regulars_worker;

CREATE TABLE loyalty.jobs (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  request_hash text NOT NULL,
  status text NOT NULL,
  transaction_id uuid,
  problem jsonb,
  received_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL DEFAULT now(),
  result json,
  CONSTRAINT jobs_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT jobs_status_check CHECK ((status = ANY (ARRAY['completed'::text, 'declined'::text, 'failed'::text, 'waiting'::text])))
);
ALTER TABLE loyalty.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.jobs AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.jobs TO regulars_worker;
GRANT SELECT ON loyalty.jobs TO regulars_edge;

CREATE TABLE loyalty.ledger_checks (
  business_id uuid NOT NULL,
  started_at timestamp with time zone NOT NULL,
  finished_at timestamp with time zone NOT NULL,
  cards bigint NOT NULL,
  differences bigint NOT NULL,
  CONSTRAINT ledger_checks_pkey PRIMARY KEY (business_id),
  CONSTRAINT ledger_checks_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
ALTER TABLE loyalty.ledger_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.ledger_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.ledger_checks AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.ledger_checks TO regulars_worker;
GRANT SELECT ON loyalty.ledger_checks TO regulars_edge;

CREATE TABLE loyalty.ledger_differences (
  business_id uuid NOT NULL,
  card_id uuid NOT NULL,
  rule text NOT NULL,
  expected bigint NOT NULL,
  found bigint NOT NULL,
  first_found_at timestamp with time zone NOT NULL,
  last_found_at timestamp with time zone NOT NULL,
  CONSTRAINT ledger_differences_pkey PRIMARY KEY (business_id, card_id, rule),
  CONSTRAINT ledger_differences_business_id_fkey FOREIGN KEY (business_id) REFERENCES business.businesses(id)
);
ALTER TABLE loyalty.ledger_differences ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.ledger_differences FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.ledger_differences AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.ledger_differences TO regulars_worker;
GRANT SELECT ON loyalty.ledger_differences TO regulars_edge;

CREATE TABLE loyalty.lots (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  card_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  earned_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  amount bigint NOT NULL,
  remaining bigint NOT NULL,
  lapses boolean NOT NULL DEFAULT false,
  CONSTRAINT lots_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT lots_amount_check CHECK ((amount > 0)),
  CONSTRAINT lots_check CHECK (((remaining >= 0) AND (remaining <= amount))),
  CONSTRAINT lots_lapses_check CHECK (((NOT lapses) OR (expires_at IS NULL)))
);
CREATE INDEX lots_expiring ON loyalty.lots USING btree (business_id, expires_at, id) WHERE ((remaining > 0) AND (expires_at IS NOT NULL));
CREATE INDEX lots_open ON loyalty.lots USING btree (business_id, card_id) WHERE (remaining > 0);
ALTER TABLE loyalty.lots ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.lots FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.lots AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.lots TO regulars_worker;
GRANT SELECT ON loyalty.lots TO regulars_edge;
GRANT SELECT (business_id, id, card_id, transaction_id, expires_at, remaining, lapses) ON loyalty.lots TO regulars_analytics;
GRANT UPDATE (card_id, remaining) ON loyalty.lots TO regulars_worker;

CREATE TABLE loyalty.offer_contributions (
  business_id uuid NOT NULL,
  instance_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  reference text NOT NULL,
  amount_minor bigint NOT NULL,
  CONSTRAINT offer_contributions_pkey PRIMARY KEY (business_id, instance_id, transaction_id),
  CONSTRAINT offer_contributions_amount_minor_check CHECK ((amount_minor >= 0))
);
CREATE INDEX offer_contributions_transaction ON loyalty.offer_contributions USING btree (business_id, transaction_id);
ALTER TABLE loyalty.offer_contributions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.offer_contributions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.offer_contributions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.offer_contributions TO regulars_worker;
GRANT SELECT ON loyalty.offer_contributions TO regulars_edge;
GRANT UPDATE (amount_minor) ON loyalty.offer_contributions TO regulars_worker;

CREATE TABLE loyalty.offer_instances (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  offer_id uuid NOT NULL,
  program_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  card_id uuid NOT NULL,
  terms json NOT NULL,
  opens_at timestamp with time zone NOT NULL,
  closes_at timestamp with time zone NOT NULL,
  completed_by uuid,
  completed_at timestamp with time zone,
  award_id uuid,
  awards smallint NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 0,
  integration text,
  external_id text,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT offer_instances_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT offer_instances_check CHECK ((closes_at >= opens_at)),
  CONSTRAINT offer_instances_check1 CHECK (((completed_by IS NULL) = (completed_at IS NULL))),
  CONSTRAINT offer_instances_check2 CHECK (((integration IS NULL) = (external_id IS NULL)))
) WITH (fillfactor=80);
CREATE INDEX offer_instances_customer ON loyalty.offer_instances USING btree (business_id, customer_id, closes_at);
CREATE UNIQUE INDEX offer_instances_external ON loyalty.offer_instances USING btree (business_id, integration, external_id) WHERE (external_id IS NOT NULL);
ALTER TABLE loyalty.offer_instances ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.offer_instances FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.offer_instances AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.offer_instances TO regulars_worker;
GRANT SELECT ON loyalty.offer_instances TO regulars_edge;
GRANT UPDATE (customer_id, card_id, completed_by, completed_at, award_id, awards, version) ON loyalty.offer_instances TO regulars_worker;

CREATE TABLE loyalty.offers (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  program_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'draft'::text,
  ended_at timestamp with time zone,
  name text NOT NULL,
  kind text NOT NULL,
  threshold_minor bigint NOT NULL,
  window_hours integer NOT NULL,
  benefit json NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT offers_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT offers_business_id_program_id_fkey FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs(business_id, id),
  CONSTRAINT offers_check CHECK (((ended_at IS NOT NULL) = (status = 'ended'::text))),
  CONSTRAINT offers_kind_check CHECK ((kind = ANY (ARRAY['accumulate'::text, 'single'::text]))),
  CONSTRAINT offers_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'ended'::text]))),
  CONSTRAINT offers_threshold_minor_check CHECK ((threshold_minor > 0)),
  CONSTRAINT offers_window_hours_check CHECK ((window_hours > 0))
);
ALTER TABLE loyalty.offers ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.offers FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.offers AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.offers TO regulars_worker;
GRANT SELECT ON loyalty.offers TO regulars_edge;

CREATE TABLE loyalty.outbox (
  id uuid NOT NULL,
  business_id uuid NOT NULL,
  events json NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id, business_id)
);
ALTER TABLE loyalty.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON loyalty.outbox AS PERMISSIVE FOR ALL TO regulars_doors USING (true);
CREATE POLICY own_business ON loyalty.outbox AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON loyalty.outbox TO regulars_worker;
GRANT SELECT ON loyalty.outbox TO regulars_edge;
GRANT SELECT, UPDATE ON loyalty.outbox TO regulars_doors;

CREATE TABLE loyalty.outbox_backlog (
  business_id uuid NOT NULL,
  destination text NOT NULL,
  id uuid NOT NULL,
  events json NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_backlog_pkey PRIMARY KEY (business_id, destination, id)
);
CREATE INDEX outbox_backlog_due ON loyalty.outbox_backlog USING btree (destination, due_at);
ALTER TABLE loyalty.outbox_backlog ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.outbox_backlog FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON loyalty.outbox_backlog AS PERMISSIVE FOR ALL TO regulars_doors USING (true);
CREATE POLICY own_business ON loyalty.outbox_backlog AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON loyalty.outbox_backlog TO regulars_worker;
GRANT SELECT ON loyalty.outbox_backlog TO regulars_edge;
GRANT SELECT, UPDATE ON loyalty.outbox_backlog TO regulars_doors;

CREATE TABLE loyalty.postings (
  business_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  ordinal smallint NOT NULL,
  program_id uuid NOT NULL,
  card_id uuid NOT NULL,
  from_account text NOT NULL,
  to_account text NOT NULL,
  amount bigint NOT NULL,
  draws json,
  occurred_at timestamp with time zone NOT NULL,
  business_date date NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  reward_id uuid,
  CONSTRAINT postings_pkey PRIMARY KEY (business_id, transaction_id, ordinal),
  CONSTRAINT postings_amount_check CHECK ((amount > 0)),
  CONSTRAINT postings_check CHECK (((from_account <> to_account) AND ((('card'::text = from_account) OR ('card'::text = to_account)) OR (('debt'::text = from_account) OR ('debt'::text = to_account))))),
  CONSTRAINT postings_from_account_check CHECK ((from_account = ANY (ARRAY['issued'::text, 'redeemed'::text, 'expired'::text, 'adjusted'::text, 'card'::text, 'debt'::text, 'merged'::text]))),
  CONSTRAINT postings_to_account_check CHECK ((to_account = ANY (ARRAY['issued'::text, 'redeemed'::text, 'expired'::text, 'adjusted'::text, 'card'::text, 'debt'::text, 'merged'::text])))
);
CREATE INDEX postings_card ON loyalty.postings USING btree (business_id, card_id, occurred_at);
CREATE TRIGGER postings_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON loyalty.postings FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();
ALTER TABLE loyalty.postings ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.postings FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.postings AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.postings TO regulars_worker;
GRANT SELECT ON loyalty.postings TO regulars_analytics;
GRANT SELECT ON loyalty.postings TO regulars_edge;

CREATE TABLE loyalty.program_versions (
  business_id uuid NOT NULL,
  program_id uuid NOT NULL,
  number integer NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  valid_to timestamp with time zone,
  definition jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT program_versions_pkey PRIMARY KEY (business_id, program_id, number),
  CONSTRAINT program_versions_business_id_program_id_fkey FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs(business_id, id),
  CONSTRAINT program_versions_check CHECK ((valid_to >= valid_from)),
  CONSTRAINT program_versions_number_check CHECK ((number > 0))
);
ALTER TABLE loyalty.program_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.program_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.program_versions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.program_versions TO regulars_worker;
GRANT SELECT ON loyalty.program_versions TO regulars_edge;
GRANT UPDATE (valid_to) ON loyalty.program_versions TO regulars_worker;

CREATE TABLE loyalty.programs (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  brand_id uuid NOT NULL,
  name text NOT NULL,
  unit text NOT NULL,
  currency character(3) NOT NULL,
  zone text NOT NULL,
  store_ids uuid[],
  enrolment text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  description text,
  draft jsonb,
  pauses jsonb NOT NULL DEFAULT '[]'::jsonb,
  archived_at timestamp with time zone,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  fraud jsonb,
  CONSTRAINT programs_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT programs_business_id_brand_id_fkey FOREIGN KEY (business_id, brand_id) REFERENCES business.brands(business_id, id),
  CONSTRAINT programs_enrolment_check CHECK ((enrolment = ANY (ARRAY['automatic'::text, 'by-request'::text]))),
  CONSTRAINT programs_unit_check CHECK ((unit = ANY (ARRAY['stamp'::text, 'point'::text])))
);
CREATE INDEX programs_id ON loyalty.programs USING btree (id);
ALTER TABLE loyalty.programs ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.programs FORCE ROW LEVEL SECURITY;
CREATE POLICY doors ON loyalty.programs AS PERMISSIVE FOR SELECT TO regulars_doors USING (true);
CREATE POLICY own_business ON loyalty.programs AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.programs TO regulars_worker;
GRANT SELECT ON loyalty.programs TO regulars_doors;
GRANT SELECT ON loyalty.programs TO regulars_edge;
GRANT SELECT (business_id, id, brand_id, name, unit, currency, zone) ON loyalty.programs TO regulars_mailer;
GRANT SELECT (business_id, id, currency, zone) ON loyalty.programs TO regulars_analytics;

CREATE TABLE loyalty.promotion_uses (
  business_id uuid NOT NULL,
  promotion_id uuid NOT NULL,
  transaction_id uuid NOT NULL,
  card_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  uses smallint NOT NULL,
  amount bigint NOT NULL,
  business_date date NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT promotion_uses_pkey PRIMARY KEY (business_id, promotion_id, transaction_id),
  CONSTRAINT promotion_uses_uses_check CHECK (((uses >= '-1'::integer) AND (uses <= 1)))
);
CREATE INDEX promotion_uses_customer ON loyalty.promotion_uses USING btree (business_id, customer_id, promotion_id, business_date);
ALTER TABLE loyalty.promotion_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.promotion_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.promotion_uses AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.promotion_uses TO regulars_worker;
GRANT SELECT ON loyalty.promotion_uses TO regulars_analytics;
GRANT SELECT ON loyalty.promotion_uses TO regulars_edge;
GRANT UPDATE (customer_id) ON loyalty.promotion_uses TO regulars_worker;

CREATE TABLE loyalty.promotions (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  program_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'draft'::text,
  revision integer NOT NULL DEFAULT 1,
  definition jsonb NOT NULL,
  editions jsonb NOT NULL DEFAULT '[]'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT promotions_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT promotions_business_id_program_id_fkey FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs(business_id, id),
  CONSTRAINT promotions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'paused'::text, 'ended'::text])))
);
CREATE INDEX promotions_program ON loyalty.promotions USING btree (business_id, program_id, id);
ALTER TABLE loyalty.promotions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.promotions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.promotions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.promotions TO regulars_worker;
GRANT SELECT ON loyalty.promotions TO regulars_edge;
GRANT SELECT (business_id, id) ON loyalty.promotions TO regulars_analytics;

CREATE TABLE loyalty.reward_definitions (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  program_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'draft'::text,
  revision integer NOT NULL DEFAULT 1,
  stock_left integer,
  definition jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT reward_definitions_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT reward_definitions_business_id_program_id_fkey FOREIGN KEY (business_id, program_id) REFERENCES loyalty.programs(business_id, id),
  CONSTRAINT reward_definitions_revision_check CHECK ((revision > 0)),
  CONSTRAINT reward_definitions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'paused'::text, 'ended'::text]))),
  CONSTRAINT reward_definitions_stock_left_check CHECK ((stock_left >= 0))
);
CREATE INDEX reward_definitions_program ON loyalty.reward_definitions USING btree (business_id, program_id);
ALTER TABLE loyalty.reward_definitions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.reward_definitions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.reward_definitions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.reward_definitions TO regulars_worker;
GRANT SELECT ON loyalty.reward_definitions TO regulars_edge;

CREATE TABLE loyalty.sightings (
  business_id uuid NOT NULL,
  job_id uuid NOT NULL,
  store_id uuid NOT NULL,
  customer_id uuid,
  staff_id uuid,
  occurred_at timestamp with time zone NOT NULL,
  total_minor bigint,
  CONSTRAINT sightings_pkey PRIMARY KEY (business_id, job_id)
);
CREATE INDEX sightings_customer ON loyalty.sightings USING btree (business_id, customer_id, occurred_at) WHERE (customer_id IS NOT NULL);
CREATE INDEX sightings_staff ON loyalty.sightings USING btree (business_id, staff_id, occurred_at) WHERE (staff_id IS NOT NULL);
CREATE INDEX sightings_store ON loyalty.sightings USING btree (business_id, store_id, occurred_at);
ALTER TABLE loyalty.sightings ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.sightings FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.sightings AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.sightings TO regulars_worker;
GRANT SELECT ON loyalty.sightings TO regulars_edge;

CREATE TABLE loyalty.tier_progress (
  business_id uuid NOT NULL,
  card_id uuid NOT NULL,
  business_date date NOT NULL,
  earned bigint NOT NULL,
  spend bigint NOT NULL,
  CONSTRAINT tier_progress_pkey PRIMARY KEY (business_id, card_id, business_date)
);
ALTER TABLE loyalty.tier_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.tier_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.tier_progress AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT, UPDATE ON loyalty.tier_progress TO regulars_worker;
GRANT SELECT ON loyalty.tier_progress TO regulars_edge;

CREATE TABLE loyalty.transactions (
  business_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  integration text NOT NULL,
  external_id text NOT NULL,
  request_hash text NOT NULL,
  store_id uuid,
  customer_id uuid,
  status text NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL,
  recorded_at timestamp with time zone NOT NULL DEFAULT now(),
  business_date date NOT NULL,
  receipt json NOT NULL,
  outcome json NOT NULL,
  original_id uuid,
  judgement json,
  claim_code text,
  CONSTRAINT transactions_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT transactions_business_id_integration_kind_external_id_key UNIQUE (business_id, integration, kind, external_id),
  CONSTRAINT transactions_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'refund'::text, 'award'::text, 'adjustment'::text, 'reward'::text, 'expiry'::text, 'merge'::text, 'unmerge'::text, 'opening-balance'::text, 'claim'::text, 'release'::text]))),
  CONSTRAINT transactions_status_check CHECK ((status = ANY (ARRAY['recorded'::text, 'review'::text])))
);
CREATE UNIQUE INDEX transactions_claim_code ON loyalty.transactions USING btree (business_id, claim_code) WHERE (claim_code IS NOT NULL);
CREATE INDEX transactions_customer ON loyalty.transactions USING btree (business_id, customer_id, occurred_at);
CREATE INDEX transactions_original ON loyalty.transactions USING btree (business_id, original_id) WHERE (original_id IS NOT NULL);
CREATE TRIGGER transactions_append_only BEFORE DELETE OR TRUNCATE ON loyalty.transactions FOR EACH STATEMENT EXECUTE FUNCTION loyalty.refuse_edit();
CREATE TRIGGER transactions_erasable BEFORE UPDATE ON loyalty.transactions FOR EACH ROW EXECUTE FUNCTION loyalty.refuse_edit_but_erasure();
ALTER TABLE loyalty.transactions ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.transactions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.transactions AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT INSERT, SELECT ON loyalty.transactions TO regulars_worker;
GRANT SELECT ON loyalty.transactions TO regulars_analytics;
GRANT SELECT ON loyalty.transactions TO regulars_edge;
GRANT UPDATE (receipt, outcome) ON loyalty.transactions TO regulars_worker;

CREATE TABLE loyalty.waiting_refunds (
  business_id uuid NOT NULL,
  job_id uuid NOT NULL,
  integration text NOT NULL,
  sale_external_id text NOT NULL,
  message json NOT NULL,
  received_at timestamp with time zone NOT NULL,
  due_at timestamp with time zone NOT NULL,
  CONSTRAINT waiting_refunds_pkey PRIMARY KEY (business_id, job_id)
);
CREATE INDEX waiting_refunds_sale ON loyalty.waiting_refunds USING btree (business_id, integration, sale_external_id);
ALTER TABLE loyalty.waiting_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE loyalty.waiting_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY own_business ON loyalty.waiting_refunds AS PERMISSIVE FOR ALL TO PUBLIC USING (
CASE
    WHEN (business_id = ANY (( SELECT (string_to_array(NULLIF(current_setting('app.business'::text, true), ''::text), ','::text))::uuid[] AS string_to_array)::uuid[])) THEN true
    ELSE false
END);
GRANT DELETE, INSERT, SELECT, UPDATE ON loyalty.waiting_refunds TO regulars_worker;
GRANT SELECT ON loyalty.waiting_refunds TO regulars_edge;

CREATE TABLE public.migrations (
  name text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT migrations_pkey PRIMARY KEY (name)
);
