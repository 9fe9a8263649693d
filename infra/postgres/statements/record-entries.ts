import type { Statement } from '../statement.ts';

/**
 * Writes whole entries: transaction, postings, lots, rewards and outbox row. One statement and not
 * five, because each costs a round trip and would repeat the ids and times of every entry.
 * The word that there is something to publish is heard when the commit is.
 */
export const recordEntries: Statement = {
  name: 'record-entries',
  text: `
    WITH entry AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS e (business_id uuid, id uuid, kind text, integration text, external_id text, request_hash text,
              store_id uuid, customer_id uuid, status text, occurred_at timestamptz,
              received_at timestamptz, business_date date, original_id uuid, claim_code text, receipt json,
              judgement json, outcome json,
              postings json, lots json, rewards json, events json)
       ORDER BY business_id, integration, external_id
    ), transaction AS (
      INSERT INTO loyalty.transactions (business_id, id, kind, integration, external_id,
                                        request_hash, store_id, customer_id, status, occurred_at,
                                        received_at, business_date, original_id, claim_code, receipt, judgement,
                                        outcome)
      SELECT business_id, id, kind, integration, external_id, request_hash, store_id,
             customer_id, status, occurred_at, received_at, business_date, original_id, claim_code, receipt,
             judgement, outcome
        FROM entry
    ), posting AS (
      INSERT INTO loyalty.postings (business_id, transaction_id, ordinal, program_id, card_id,
                                    from_account, to_account, amount, draws, reward_id,
                                    occurred_at, business_date)
      SELECT e.business_id, e.id, x.ordinal, x.program_id, x.card_id, x.from_account, x.to_account,
             x.amount, x.draws, x.reward_id, e.occurred_at, e.business_date
        FROM entry e
       CROSS JOIN LATERAL json_to_recordset(e.postings)
          AS x (ordinal smallint, program_id uuid, card_id uuid, from_account text,
                to_account text, amount bigint, draws json, reward_id uuid)
    ), lot AS (
      INSERT INTO loyalty.lots (business_id, id, card_id, transaction_id, earned_at, expires_at,
                                lapses, amount, remaining)
      SELECT e.business_id, x.id, x.card_id, e.id, x.earned_at, x.expires_at, x.lapses, x.amount,
             x.remaining
        FROM entry e
       CROSS JOIN LATERAL json_to_recordset(e.lots)
          AS x (id uuid, card_id uuid, earned_at timestamptz, expires_at timestamptz,
                lapses boolean, amount bigint, remaining bigint)
    ), reward AS (
      INSERT INTO loyalty.issued_rewards (business_id, id, card_id, transaction_id, definition_id,
                                          code, name, benefit, cost, version_number, issued_at,
                                          expires_at, funding, store_ids, coupon_code, replaces)
      SELECT e.business_id, x.id, x.card_id, e.id, x.definition_id, x.code, x.name, x.benefit,
             x.cost, x.version_number, e.occurred_at, x.expires_at, x.funding, x.store_ids,
             x.coupon_code, x.replaces
        FROM entry e
       CROSS JOIN LATERAL json_to_recordset(e.rewards)
          AS x (id uuid, card_id uuid, definition_id uuid, code text, name text, benefit json,
                cost bigint, version_number integer, expires_at timestamptz, funding json,
                store_ids uuid[], coupon_code text, replaces uuid)
    ), news AS (
      INSERT INTO loyalty.outbox (id, business_id, events)
      SELECT id, business_id, events FROM entry
    )
    SELECT pg_notify('outbox', '')`,
};
