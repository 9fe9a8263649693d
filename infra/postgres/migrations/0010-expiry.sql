-- What was earned expires; the books are verified; a card can be looked at as it was.

ALTER TABLE loyalty.lots
  -- Expires with its card's inactivity (cards.active_until), so that a visit that moves the end of
  -- everything a card holds writes one row.
  ADD COLUMN lapses boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT lots_lapses_check CHECK (NOT lapses OR expires_at IS NULL);
-- What the sweep looks for; a business whose lots never expire has nothing in it.
CREATE INDEX lots_expiring ON loyalty.lots (business_id, expires_at, id)
  WHERE remaining > 0 AND expires_at IS NOT NULL;

ALTER TABLE loyalty.cards
  -- Until when lots that lapse are valid; null for a card that holds none.
  ADD COLUMN active_until timestamptz;
-- Not on the balance: an index that a new balance touches would make every sale write it.
CREATE INDEX cards_lapsing ON loyalty.cards (business_id, active_until, id)
  WHERE active_until IS NOT NULL;

GRANT UPDATE (active_until) ON loyalty.cards TO regulars_worker;
