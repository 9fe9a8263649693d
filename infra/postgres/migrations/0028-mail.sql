-- E-mail: who was written to about what, who does not want to be, and where mail does not arrive.

ALTER TABLE business.businesses
  -- BCP 47: the language of mail to whoever has not told theirs.
  ADD COLUMN locale text NOT NULL DEFAULT 'en';
ALTER TABLE business.brands
  ADD COLUMN colour text CHECK (colour ~ '^#[0-9a-f]{6}$');
ALTER TABLE business.staff
  -- Kinds of mail that they do not want. Customers' are consents.
  ADD COLUMN mail_refusals text[] NOT NULL DEFAULT '{}';

-- What has been told once and is not told again: the end of a card's points by day, a week's report.
CREATE TABLE loyalty.announcements (
  business_id  uuid NOT NULL REFERENCES business.businesses (id),
  kind         text NOT NULL,
  key          text NOT NULL,
  announced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (business_id, kind, key)
);
GRANT INSERT ON loyalty.announcements TO regulars_worker;
SELECT app.protect('loyalty.announcements');

-- One mail: of an event, to a customer or a member of staff. It is claimed before it is sent, so that
-- an event that comes twice sends one. It holds nothing personal: no address, no text.
CREATE TABLE business.mails (
  business_id  uuid NOT NULL REFERENCES business.businesses (id),
  event_id     uuid NOT NULL,
  recipient_id uuid NOT NULL,
  kind         text NOT NULL,
  status       text NOT NULL
    CHECK (status IN ('sending', 'sent', 'skipped', 'bounced', 'complained', 'rejected')),
  -- Why it was skipped, or how it bounced.
  reason       text,
  claimed_at   timestamptz NOT NULL,
  finished_at  timestamptz,
  PRIMARY KEY (business_id, event_id, recipient_id)
);
CREATE INDEX mails_recipient ON business.mails (business_id, recipient_id, claimed_at);
SELECT app.protect('business.mails');

-- Addresses that bounced for good or complained: nobody writes to them again. Keyed hashes, so that
-- the table tells nobody an address; of no business, because an address that is dead is dead for all.
CREATE TABLE customer.unreachable_addresses (
  address_hash bytea PRIMARY KEY CHECK (octet_length(address_hash) = 32),
  reason       text NOT NULL CHECK (reason IN ('bounced', 'complained')),
  since        timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON customer.unreachable_addresses FROM regulars_edge, regulars_worker;

-- Who sends mail sees what a mail says and to whom, and nothing else: no books, no phones, no keys.
DO $$
BEGIN
  CREATE ROLE regulars_mailer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA business, customer, loyalty TO regulars_mailer;
GRANT SELECT (id, name, zone, locale) ON business.businesses TO regulars_mailer;
GRANT SELECT (business_id, id, name, colour) ON business.brands TO regulars_mailer;
GRANT SELECT (business_id, id, brand_id) ON business.stores TO regulars_mailer;
GRANT SELECT (business_id, id, name, email, role, subject, removed_at, mail_refusals)
  ON business.staff TO regulars_mailer;
GRANT SELECT (business_id, id, name, email, locale, consents, merged_into, erased_at)
  ON customer.customers TO regulars_mailer;
GRANT SELECT (business_id, id, brand_id, name, unit, zone) ON loyalty.programs TO regulars_mailer;
GRANT SELECT (business_id, id, status, replaces) ON loyalty.issued_rewards TO regulars_mailer;
GRANT SELECT, INSERT, UPDATE ON business.mails TO regulars_mailer;
GRANT SELECT, INSERT ON customer.unreachable_addresses TO regulars_mailer;
