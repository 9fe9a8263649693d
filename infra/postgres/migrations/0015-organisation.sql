-- What a business sets up for itself. Every resource that people edit has a revision: it counts the
-- changes, and whoever changes something names the revision that they saw.

ALTER TABLE business.businesses
  ADD COLUMN revision   integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

ALTER TABLE business.brands
  ADD COLUMN description text,
  ADD COLUMN revision    integer NOT NULL DEFAULT 1,
  ADD COLUMN updated_at  timestamptz NOT NULL DEFAULT now();

GRANT INSERT, UPDATE ON business.businesses, business.brands TO regulars_worker;
