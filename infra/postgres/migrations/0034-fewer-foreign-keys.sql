-- A card is opened by a statement that finds its customer and takes the lock that a merge waits for
-- (statements/write-entries.ts), and customers and their other systems' ids are written together: what
-- these keys guard against cannot happen, and each is a look-up a row where customers are enrolled and
-- imported. The keys to a program and a business also make all of these wait on one row's lock.
ALTER TABLE loyalty.cards
  DROP CONSTRAINT cards_business_id_customer_id_fkey,
  DROP CONSTRAINT cards_business_id_program_id_fkey;
ALTER TABLE customer.customers DROP CONSTRAINT customers_business_id_fkey;
ALTER TABLE customer.external_ids DROP CONSTRAINT external_ids_business_id_customer_id_fkey;
