import type { Statement } from '../statement.ts';

/**
 * Writes whole purchases: transaction, postings, the lot, rewards and outbox row. One statement and
 * not five, because each costs a round trip and would repeat the ids and times of every purchase.
 * The word that there is something to publish is heard when the commit is.
 */
export const recordPurchases: Statement = {
  name: 'record-purchases',
  text: `
    WITH purchase AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS p (business_id uuid, id uuid, integration text, external_id text, request_hash text,
              store_id uuid, customer_id uuid, status text, occurred_at timestamptz,
              received_at timestamptz, business_date date, receipt json, outcome json,
              postings json, lots json, rewards json, events json)
       ORDER BY business_id, integration, external_id
    ), transaction AS (
      INSERT INTO loyalty.transactions (business_id, id, kind, integration, external_id,
                                        request_hash, store_id, customer_id, status, occurred_at,
                                        received_at, business_date, receipt, outcome)
      SELECT business_id, id, 'purchase', integration, external_id, request_hash, store_id,
             customer_id, status, occurred_at, received_at, business_date, receipt, outcome
        FROM purchase
    ), posting AS (
      INSERT INTO loyalty.postings (business_id, transaction_id, ordinal, program_id, card_id,
                                    from_account, to_account, amount, draws, occurred_at,
                                    business_date)
      SELECT p.business_id, p.id, x.ordinal, x.program_id, x.card_id, x.from_account, x.to_account,
             x.amount, x.draws, p.occurred_at, p.business_date
        FROM purchase p
       CROSS JOIN LATERAL json_to_recordset(p.postings)
          AS x (ordinal smallint, program_id uuid, card_id uuid, from_account text,
                to_account text, amount bigint, draws json)
    ), lot AS (
      INSERT INTO loyalty.lots (business_id, id, card_id, transaction_id, earned_at, expires_at,
                                amount, remaining)
      SELECT p.business_id, x.id, x.card_id, p.id, p.occurred_at, x.expires_at, x.amount,
             x.remaining
        FROM purchase p
       CROSS JOIN LATERAL json_to_recordset(p.lots)
          AS x (id uuid, card_id uuid, expires_at timestamptz, amount bigint, remaining bigint)
    ), reward AS (
      INSERT INTO loyalty.issued_rewards (business_id, id, card_id, transaction_id, definition_id,
                                          code, name, benefit, cost, version_number, issued_at,
                                          expires_at)
      SELECT p.business_id, x.id, x.card_id, p.id, x.definition_id, x.code, x.name, x.benefit,
             x.cost, x.version_number, p.occurred_at, x.expires_at
        FROM purchase p
       CROSS JOIN LATERAL json_to_recordset(p.rewards)
          AS x (id uuid, card_id uuid, definition_id uuid, code text, name text, benefit json,
                cost bigint, version_number integer, expires_at timestamptz)
    ), news AS (
      INSERT INTO loyalty.outbox (id, business_id, events)
      SELECT id, business_id, events FROM purchase
    )
    SELECT pg_notify('outbox', '')`,
};
