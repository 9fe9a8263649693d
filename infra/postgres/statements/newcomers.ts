import type { Statement } from '../statement.ts';

/*
 * Statements of an import, by the hundred rows. Each column is an array of its own (see columns.ts): JSON is
 * handier, and for a few rows cheaper, but of many PostgreSQL would spend as much time on reading it as on
 * writing them (decisions/0005). `$1` is the business.
 */

/** Ordered by phone, as sales enrol: two that write the same people wait for each other. */
export const insertPeople: Statement = {
  name: 'insert-people',
  text: `
    WITH customer AS (
      INSERT INTO customer.customers (business_id, id, phone, email, name, birthday, locale, consents)
      SELECT $1::uuid, *
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::jsonb[])
          AS c (id, phone, email, name, birthday, locale, consents)
       ORDER BY phone, email
    ), name_key AS (
      INSERT INTO customer.name_keys (business_id, customer_id, name_key)
      SELECT $1, * FROM unnest($9::uuid[], $10::text[])
    ), tag AS (
      INSERT INTO customer.customer_tags (business_id, customer_id, tag)
      SELECT $1, * FROM unnest($11::uuid[], $12::text[])
    )
    INSERT INTO customer.external_ids (business_id, customer_id, system, value)
    SELECT $1, * FROM unnest($13::uuid[], $14::text[], $15::text[])`,
};

/**
 * What newcomers bring along: a transaction with one posting and one lot, and the card that it opens.
 * Their customers were written by this same transaction, so that nobody can have merged them since.
 * All are of the moment `$2`.
 */
export const insertOpenings: Statement = {
  name: 'insert-openings',
  text: `
    WITH opening AS MATERIALIZED (
      SELECT *
        FROM unnest($3::uuid[], $4::text[], $5::text[], $6::date[], $7::json[], $8::json[], $9::uuid[],
                    $10::uuid[], $11::uuid[], $12::text[], $13::bigint[], $14::bigint[], $15::integer[],
                    $16::timestamptz[], $17::uuid[], $18::timestamptz[], $19::boolean[])
          AS o (id, external_id, request_hash, business_date, receipt, outcome, customer_id,
                card_id, program_id, code, amount, sequence, version_number,
                active_until, lot_id, expires_at, lapses)
    ), card AS (
      INSERT INTO loyalty.cards (business_id, id, program_id, customer_id, code, balance, sequence,
                                 version_number, active_until)
      SELECT $1::uuid, card_id, program_id, customer_id, code, amount, sequence, version_number, active_until
        FROM opening
    ), posting AS (
      INSERT INTO loyalty.postings (business_id, transaction_id, ordinal, program_id, card_id,
                                    from_account, to_account, amount, occurred_at, business_date)
      SELECT $1, id, 0, program_id, card_id, 'adjusted', 'card', amount, $2::timestamptz, business_date
        FROM opening
    ), lot AS (
      INSERT INTO loyalty.lots (business_id, id, card_id, transaction_id, earned_at, expires_at,
                                lapses, amount, remaining)
      SELECT $1, lot_id, card_id, id, $2, expires_at, lapses, amount, amount
        FROM opening
    )
    INSERT INTO loyalty.transactions (business_id, id, kind, integration, external_id, request_hash,
                                      customer_id, status, occurred_at, received_at, business_date,
                                      receipt, outcome)
    SELECT $1, id, 'opening-balance', 'import', external_id, request_hash, customer_id, 'recorded', $2,
           $2, business_date, receipt, outcome
      FROM opening`,
};
