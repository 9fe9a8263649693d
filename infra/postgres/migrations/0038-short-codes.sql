-- A card's short code stands for the beginning of its code, and is found as a range of codes: which only
-- byte order makes right, whatever the database's own order is.
ALTER TABLE loyalty.cards ALTER COLUMN code TYPE text COLLATE "C";
