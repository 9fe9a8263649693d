-- What the books come to, by day: written by the functions from the facts that leave, read by owners'
-- pages and reports. All of it can be made anew from the books (npm run rebuild-analytics).

CREATE SCHEMA analytics;

-- Writes what is here, reads what it is made from, and nothing else: no names, phones or e-mails.
DO $$
BEGIN
  CREATE ROLE regulars_analytics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- Which transactions the figures hold: each counts once, however often it is told of.
CREATE TABLE analytics.counted (
  business_id    uuid NOT NULL,
  transaction_id uuid NOT NULL,
  PRIMARY KEY (business_id, transaction_id)
);

-- Sales and stamps by hand, by the hour that the store's clock showed. A store is missing where stamps
-- were given at none.
CREATE TABLE analytics.store_hours (
  business_id     uuid NOT NULL,
  business_date   date NOT NULL,
  store_id        uuid,
  hour            smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  currency        char(3) NOT NULL,
  sales           integer NOT NULL,
  -- Of these, refunded whole since, whenever that was.
  voided          integer NOT NULL,
  -- Stamps by hand, and of these undone.
  awards          integer NOT NULL,
  undone          integer NOT NULL,
  gross           bigint NOT NULL,
  -- On the day of the refund.
  refunds         integer NOT NULL,
  refunded        bigint NOT NULL,
  -- Of these, those with a customer.
  member_visits   integer NOT NULL,
  member_gross    bigint NOT NULL,
  member_refunded bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (business_id, business_date, store_id, hour, currency)
);

-- Who came when. Customers are as the books name them; a merge is looked up when it is read.
CREATE TABLE analytics.customer_days (
  business_id   uuid NOT NULL,
  business_date date NOT NULL,
  customer_id   uuid NOT NULL,
  store_id      uuid,
  currency      char(3) NOT NULL,
  visits        integer NOT NULL,
  gross         bigint NOT NULL,
  refunded      bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (business_id, business_date, customer_id, store_id, currency)
);
CREATE INDEX customer_days_customer ON analytics.customer_days (business_id, customer_id);

CREATE TABLE analytics.customers (
  business_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  -- Null where every visit was taken back.
  first_visit date,
  PRIMARY KEY (business_id, customer_id)
);

-- What programs gave and took, net, in ledger units. Their sum is what is on all cards.
CREATE TABLE analytics.program_days (
  business_id   uuid NOT NULL,
  business_date date NOT NULL,
  program_id    uuid NOT NULL,
  store_id      uuid,
  issued        bigint NOT NULL,
  redeemed      bigint NOT NULL,
  expired       bigint NOT NULL,
  adjusted      bigint NOT NULL,
  owed          bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (business_id, business_date, program_id, store_id)
);

CREATE TABLE analytics.promotion_days (
  business_id   uuid NOT NULL,
  promotion_id  uuid NOT NULL,
  business_date date NOT NULL,
  store_id      uuid,
  currency      char(3) NOT NULL,
  uses          integer NOT NULL,
  gross         bigint NOT NULL,
  refunded      bigint NOT NULL,
  -- Ledger units, less what refunds took back.
  given         bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (business_id, promotion_id, business_date, store_id, currency)
);

-- Each reward as it stands, with the days that matter as its stores count them.
CREATE TABLE analytics.rewards (
  business_id       uuid NOT NULL,
  reward_id         uuid NOT NULL,
  program_id        uuid NOT NULL,
  definition_id     uuid NOT NULL,
  status            text NOT NULL,
  -- Takes the place of one whose redemption was taken back: it was not given anew.
  is_replacement    boolean NOT NULL,
  issued_on         date NOT NULL,
  issued_store_id   uuid,
  redeemed_on       date,
  redeemed_store_id uuid,
  expires_on        date,
  PRIMARY KEY (business_id, reward_id)
);
CREATE INDEX rewards_issued ON analytics.rewards (business_id, issued_on);
CREATE INDEX rewards_redeemed ON analytics.rewards (business_id, redeemed_on)
  WHERE redeemed_on IS NOT NULL;
CREATE INDEX rewards_open ON analytics.rewards (business_id, expires_on)
  WHERE status IN ('available', 'reserved');

-- What each card holds, by the store that gave it and the month in which it expires (its first day).
CREATE TABLE analytics.cards (
  business_id uuid NOT NULL,
  card_id     uuid NOT NULL,
  PRIMARY KEY (business_id, card_id)
);
CREATE TABLE analytics.holdings (
  business_id   uuid NOT NULL,
  card_id       uuid NOT NULL,
  program_id    uuid NOT NULL,
  store_id      uuid,
  expires_month date,
  amount        bigint NOT NULL CHECK (amount > 0),
  UNIQUE NULLS NOT DISTINCT (business_id, card_id, store_id, expires_month)
);
CREATE INDEX holdings_program ON analytics.holdings (business_id, program_id, expires_month)
  INCLUDE (amount, store_id);

SELECT app.protect('analytics.counted');
SELECT app.protect('analytics.store_hours');
SELECT app.protect('analytics.customer_days');
SELECT app.protect('analytics.customers');
SELECT app.protect('analytics.program_days');
SELECT app.protect('analytics.promotion_days');
SELECT app.protect('analytics.rewards');
SELECT app.protect('analytics.cards');
SELECT app.protect('analytics.holdings');

GRANT USAGE ON SCHEMA analytics TO regulars_analytics, regulars_edge, regulars_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO regulars_edge, regulars_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA analytics GRANT SELECT ON TABLES TO regulars_edge, regulars_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA analytics TO regulars_analytics;
GRANT USAGE ON SCHEMA app, business, customer, loyalty TO regulars_analytics;
GRANT SELECT (id, zone) ON business.businesses TO regulars_analytics;
GRANT SELECT (business_id, id, zone, day_start_minutes) ON business.stores TO regulars_analytics;
GRANT SELECT (business_id, id, merged_into) ON customer.customers TO regulars_analytics;
GRANT SELECT ON loyalty.transactions, loyalty.postings, loyalty.promotion_uses
  TO regulars_analytics;
GRANT SELECT (business_id, id, program_id, balance, active_until) ON loyalty.cards TO regulars_analytics;
GRANT SELECT (business_id, id, card_id, transaction_id, expires_at, lapses, remaining)
  ON loyalty.lots TO regulars_analytics;
GRANT SELECT (business_id, id, zone, currency) ON loyalty.programs TO regulars_analytics;
GRANT SELECT (business_id, id) ON loyalty.promotions TO regulars_analytics;
GRANT SELECT (business_id, id, card_id, transaction_id, definition_id, status, replaces, expires_at,
  redeemed_store_id, redeemed_at) ON loyalty.issued_rewards TO regulars_analytics;
GRANT EXECUTE ON FUNCTION app.list_businesses(uuid, integer) TO regulars_analytics;
