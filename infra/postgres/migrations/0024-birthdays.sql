-- Whose birthday it is: month and day as one number, 304 for 4 March, so that an index can find them.

CREATE FUNCTION customer.month_day(birthday date) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (extract(month FROM birthday) * 100 + extract(day FROM birthday))::integer;

CREATE INDEX customers_birthday ON customer.customers (business_id, customer.month_day(birthday), id)
  WHERE birthday IS NOT NULL;
