-- Whom a business serves, beyond a phone number: who they are, what they agreed to, how the
-- business sorts them, and under which names other systems know them.

ALTER TABLE customer.customers
  ADD COLUMN birthday    date,
  ADD COLUMN locale      text,
  -- What they answered when asked, by purpose; a purpose that is missing was never asked about.
  ADD COLUMN consents    jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN updated_at  timestamptz NOT NULL DEFAULT now(),
  -- Whoever carries on for them. Never a chain: a second merge moves those of the first along.
  ADD COLUMN merged_into uuid,
  -- Since when nothing personal is held; the id stays, for the books.
  ADD COLUMN erased_at   timestamptz,
  ADD CONSTRAINT customers_merged_into_fkey FOREIGN KEY (business_id, merged_into)
    REFERENCES customer.customers (business_id, id);
CREATE INDEX customers_merged_into ON customer.customers (business_id, merged_into)
  WHERE merged_into IS NOT NULL;

CREATE TABLE customer.customer_tags (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  tag         text NOT NULL,
  PRIMARY KEY (business_id, customer_id, tag),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers (business_id, id)
);
CREATE INDEX customer_tags_tag ON customer.customer_tags (business_id, tag, customer_id);

-- Ids that other systems gave them: one per system and customer.
CREATE TABLE customer.external_ids (
  business_id uuid NOT NULL,
  system      text NOT NULL,
  value       text NOT NULL,
  customer_id uuid NOT NULL,
  PRIMARY KEY (business_id, system, value),
  UNIQUE (business_id, customer_id, system),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer.customers (business_id, id)
);

-- What a name is searched by: lower case, no accents, once from each of its words on, so that
-- "silva" finds Maria da Silva by a prefix. Byte order, so that a prefix is a range whatever the
-- database's own collation is.
CREATE TABLE customer.name_keys (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  name_key    text COLLATE "C" NOT NULL,
  PRIMARY KEY (business_id, customer_id, name_key)
);
CREATE INDEX name_keys_prefix ON customer.name_keys (business_id, name_key, customer_id);

GRANT UPDATE ON customer.customers TO regulars_worker;
GRANT INSERT, UPDATE, DELETE ON customer.customer_tags, customer.external_ids, customer.name_keys
  TO regulars_worker;
