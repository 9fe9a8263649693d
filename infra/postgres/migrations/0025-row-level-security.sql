-- No business sees another's rows, even with a bug in a route: PostgreSQL itself shows a role only the
-- rows of the businesses that its transaction names in the setting app.business (one uuid, or several
-- with commas between them), and none where it names none. See infra/README.md.

CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO regulars_edge, regulars_worker;

-- Puts a table behind the wall. Every table with a business_id calls it in its own migration.
CREATE FUNCTION app.protect(tenant_table regclass, tenant_column name DEFAULT 'business_id')
RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  -- Forced: the owner, too, sees only what it names, unless it is a superuser.
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('DROP POLICY IF EXISTS own_business ON %s', tenant_table);
  -- The setting stands in a subquery, which is evaluated once a statement and not once a row; the
  -- cast outside keeps ANY from taking it for a set of rows. Unset is NULL, and lets nothing through.
  EXECUTE format(
    'CREATE POLICY own_business ON %s USING (%I = ANY ((SELECT string_to_array('
    || 'nullif(current_setting(''app.business'', true), ''''), '','')::uuid[])::uuid[]))',
    tenant_table, tenant_column);
END $$;
REVOKE ALL ON FUNCTION app.protect(regclass, name) FROM PUBLIC;

DO $$
DECLARE tenant_table regclass;
BEGIN
  FOR tenant_table IN
    SELECT c.oid FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND a.attname = 'business_id' AND NOT a.attisdropped
  LOOP
    PERFORM app.protect(tenant_table);
  END LOOP;
  PERFORM app.protect('business.businesses', 'id');
END $$;

-- Unique keys without the business would tell one business of another's rows, whatever policies say.
ALTER TABLE business.api_keys DROP CONSTRAINT api_keys_secret_hash_key;
CREATE INDEX api_keys_secret_hash ON business.api_keys (secret_hash);
ALTER TABLE loyalty.outbox DROP CONSTRAINT outbox_pkey, ADD PRIMARY KEY (id, business_id);

-- doors ------------------------------------------------------------------------------------------
-- What must be found before it is known whose it is. Each door is a function that answers one
-- question, to whoever already holds what it is asked by: it runs as a role of its own, which alone
-- sees all businesses, and which nobody can sign in as.

DO $$
BEGIN
  CREATE ROLE regulars_doors NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA app, business, customer, loyalty TO regulars_doors;
GRANT SELECT ON business.businesses, business.api_keys, business.stores, business.staff,
  business.brands, customer.identities, customer.customers, loyalty.programs TO regulars_doors;
GRANT SELECT, UPDATE ON loyalty.outbox TO regulars_doors;
CREATE POLICY doors ON business.businesses FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON business.api_keys FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON business.stores FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON business.staff FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON business.brands FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON customer.identities FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON customer.customers FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON loyalty.programs FOR SELECT TO regulars_doors USING (true);
CREATE POLICY doors ON loyalty.outbox FOR ALL TO regulars_doors USING (true);

-- Whose key it is, to who holds the key.
CREATE FUNCTION app.find_api_key(secret bytea)
RETURNS TABLE (business_id uuid, id uuid, integration text, scopes text[], store_ids uuid[],
               is_for_all_stores boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT k.business_id, k.id, k.integration, k.scopes,
         coalesce(k.store_ids, ARRAY(SELECT s.id FROM business.stores s
                                      WHERE s.business_id = k.business_id ORDER BY s.id)),
         k.store_ids IS NULL
    FROM business.api_keys k WHERE k.secret_hash = secret AND k.revoked_at IS NULL
$$;

-- On whose staff somebody is, to who has signed in as them. The removed are not found.
CREATE FUNCTION app.find_staff(of_subject text)
RETURNS TABLE (business_id uuid, id uuid, role text, store_ids uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT s.business_id, s.id, s.role, s.store_ids FROM business.staff s
   WHERE s.subject = of_subject AND s.removed_at IS NULL ORDER BY s.business_id
$$;

-- Whose customer somebody is, to who has signed in as them; whoever was merged is whom they became.
CREATE FUNCTION app.find_customers(of_subject text)
RETURNS TABLE (business_id uuid, customer_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT i.business_id, coalesce(c.merged_into, c.id)
    FROM customer.identities i
    JOIN customer.customers c ON c.business_id = i.business_id AND c.id = i.customer_id
   WHERE i.subject = of_subject AND c.erased_at IS NULL ORDER BY i.business_id
$$;

-- Who has invited the holder of an e-mail address (lower case), and was not answered yet.
CREATE FUNCTION app.find_invitations(to_email text)
RETURNS TABLE (business_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT s.business_id, s.id FROM business.staff s
   WHERE lower(s.email) = to_email AND s.subject IS NULL AND s.removed_at IS NULL
   ORDER BY s.business_id LIMIT 20
$$;

-- Whose brand or program it is: both have pages that anybody may read.
CREATE FUNCTION app.find_brand_owner(brand uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT b.business_id FROM business.brands b WHERE b.id = brand
$$;
CREATE FUNCTION app.find_program_owner(program uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT p.business_id FROM loyalty.programs p WHERE p.id = program
$$;

-- Which businesses there are, a page at a time: for schedules, which then look into those they name.
CREATE FUNCTION app.list_businesses(after_id uuid, max_rows integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT b.id FROM business.businesses b WHERE b.id > after_id ORDER BY b.id LIMIT max_rows
$$;

-- Facts on their way out, locked until the relay has sent them.
CREATE FUNCTION app.claim_outbox(max_rows integer)
RETURNS TABLE (id uuid, business_id uuid, events json)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
  SELECT o.id, o.business_id, o.events FROM loyalty.outbox o
   ORDER BY o.id LIMIT max_rows FOR UPDATE SKIP LOCKED
$$;

DO $$
DECLARE door regprocedure;
BEGIN
  -- Whoever migrates must be of the role to hand functions over to it.
  EXECUTE format('GRANT regulars_doors TO %I', current_user);
  GRANT CREATE ON SCHEMA app TO regulars_doors;
  FOR door IN SELECT p.oid FROM pg_catalog.pg_proc p
               WHERE p.pronamespace = 'app'::regnamespace AND p.prosecdef
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('ALTER FUNCTION %s OWNER TO regulars_doors', door);
  END LOOP;
  REVOKE CREATE ON SCHEMA app FROM regulars_doors;
END $$;
GRANT EXECUTE ON FUNCTION app.find_api_key(bytea), app.find_staff(text), app.find_customers(text),
  app.find_invitations(text), app.find_brand_owner(uuid), app.find_program_owner(uuid)
  TO regulars_edge;
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid, integer), app.claim_outbox(integer)
  TO regulars_worker;
