-- What a brand looks like. The pictures are in the file store, drawn anew from what was uploaded.
ALTER TABLE business.brands
  -- Key, width and height of each size.
  ADD COLUMN logo jsonb,
  -- Where its logos are, this one's last: mails that were sent show those of before.
  ADD COLUMN logo_folders text[] NOT NULL DEFAULT '{}';

GRANT SELECT (logo) ON business.brands TO regulars_mailer;
