import type { OfferTerms } from '../../../domain/offers/offer.ts';
import type { LotId } from '../../../domain/values/ids.ts';
import type { RewardStatus } from '../../../domain/rewards/reward.ts';
import type { RefundRequest } from '../../../domain/refunds/remaining.ts';
import type { Statement } from '../statement.ts';

const columns = `i.business_id, i.id, i.offer_id, i.program_id, i.customer_id, i.card_id, i.terms,
           i.opens_at, i.closes_at, i.completed_by, i.completed_at, i.award_id, i.awards,
           i.version, i.integration, i.external_id, c.contributions`;

/** Contributions as arrays: a name a field would be most of what travels. */
const contributions = `
     CROSS JOIN LATERAL (
             SELECT coalesce(json_agg(json_build_array(c.transaction_id, c.reference,
                      (extract(epoch FROM c.occurred_at) * 1000)::bigint, c.amount_minor)), '[]')
                    AS contributions
               FROM loyalty.offer_contributions c
              WHERE c.business_id = i.business_id AND c.instance_id = i.id OFFSET 0) c`;

/** Offers of some customers whose window touches a stretch of time. */
export const findOffersInWindow: Statement = {
  name: 'find-offers-in-window',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json)
           AS w (business_id uuid, customer_id uuid, since timestamptz, until timestamptz)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.offer_instances i
              WHERE i.business_id = w.business_id AND i.customer_id = w.customer_id
                AND i.closes_at >= w.since AND i.opens_at <= w.until OFFSET 0) i
     ${contributions}`,
};

/** Offers that some sales fed. */
export const findOffersFedBy: Statement = {
  name: 'find-offers-fed-by',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS w (business_id uuid, transaction_id uuid)
     CROSS JOIN LATERAL (
             SELECT f.instance_id FROM loyalty.offer_contributions f
              WHERE f.business_id = w.business_id AND f.transaction_id = w.transaction_id OFFSET 0) f
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.offer_instances i
              WHERE i.business_id = w.business_id AND i.id = f.instance_id OFFSET 0) i
     ${contributions}`,
};

/** Offers by the ids under which a sender gave them. */
export const findOffersGiven: Statement = {
  name: 'find-offers-given',
  text: `
    SELECT ${columns}
      FROM json_to_recordset($1::json) AS w (business_id uuid, integration text, external_id text)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.offer_instances i
              WHERE i.business_id = w.business_id AND i.integration = w.integration
                AND i.external_id = w.external_id OFFSET 0) i
     ${contributions}`,
};

export interface OfferInstanceRow {
  business_id: string;
  id: string;
  offer_id: string;
  program_id: string;
  customer_id: string;
  card_id: string;
  terms: OfferTerms;
  opens_at: number;
  closes_at: number;
  completed_by: string | null;
  completed_at: number | null;
  award_id: string | null;
  awards: number;
  version: number;
  integration: string | null;
  external_id: string | null;
  contributions: [transactionId: string, reference: string, occurredAt: number, amount: number][];
}

/**
 * Opens offers, or writes where they stand, with the contributions that came or changed. A row that
 * was written since it was read gives no id back.
 */
export const writeOffers: Statement = {
  name: 'write-offers',
  text: `
    WITH instance AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json)
        AS r (business_id uuid, id uuid, is_new boolean, offer_id uuid, program_id uuid,
              customer_id uuid, card_id uuid, terms json, opens_at timestamptz,
              closes_at timestamptz, completed_by uuid, completed_at timestamptz, award_id uuid,
              awards smallint, version integer, integration text, external_id text,
              contributions json)
    ), opened AS (
      INSERT INTO loyalty.offer_instances (business_id, id, offer_id, program_id, customer_id,
                                           card_id, terms, opens_at, closes_at, completed_by,
                                           completed_at, award_id, awards, integration, external_id)
      SELECT business_id, id, offer_id, program_id, customer_id, card_id, terms, opens_at,
             closes_at, completed_by, completed_at, award_id, awards, integration, external_id
        FROM instance WHERE is_new
       ORDER BY business_id, integration, external_id
      RETURNING id
    ), moved AS (
      UPDATE loyalty.offer_instances i
         SET completed_by = r.completed_by, completed_at = r.completed_at,
             award_id = r.award_id, awards = r.awards, version = i.version + 1
        FROM (SELECT r.*, x.place
                FROM instance r
               CROSS JOIN LATERAL (
                       SELECT x.ctid AS place FROM loyalty.offer_instances x
                        WHERE x.business_id = r.business_id AND x.id = r.id
                          AND x.version = r.version OFFSET 0) x
               WHERE NOT r.is_new) r
       WHERE i.ctid = r.place
      RETURNING i.id
    ), contribution AS (
      INSERT INTO loyalty.offer_contributions AS c (business_id, instance_id, transaction_id,
                                                    occurred_at, reference, amount_minor)
      SELECT r.business_id, r.id, x.transaction_id, x.occurred_at, x.reference, x.amount_minor
        FROM instance r
       CROSS JOIN LATERAL json_to_recordset(r.contributions)
          AS x (transaction_id uuid, occurred_at timestamptz, reference text, amount_minor bigint)
          ON CONFLICT (business_id, instance_id, transaction_id)
          DO UPDATE SET amount_minor = excluded.amount_minor
    )
    SELECT id FROM opened UNION ALL SELECT id FROM moved`,
};

/** Locks customers; for those who hold no card whose lock would do. */
export const lockCustomers: Statement = {
  name: 'lock-customers',
  text: `
    SELECT c.id
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
     CROSS JOIN LATERAL (
             SELECT c.id FROM customer.customers c
              WHERE c.business_id = w.business_id AND c.id = w.customer_id OFFSET 0 FOR UPDATE) c`,
};

/** Recorded purchases of customers inside windows, both ends included. */
export const findPurchasesInWindow: Statement = {
  name: 'find-purchases-in-window',
  text: `
    SELECT w.ordinal, t.id, t.integration, t.external_id, t.occurred_at, t.store_id, t.receipt,
           t.blocked_programs, t.refunds
      FROM json_to_recordset($1::json)
           AS w (ordinal integer, business_id uuid, customer_id uuid, since timestamptz,
                 until timestamptz)
     CROSS JOIN LATERAL (
             SELECT t.id, t.integration, t.external_id, t.occurred_at, t.store_id, t.receipt,
                    (SELECT json_agg(card ->> 'programId')
                       FROM json_array_elements(t.outcome -> 'cards') card
                      WHERE (card -> 'explanation')::text
                                ~ '"(card-blocked|held|self-award)"')
                    AS blocked_programs,
                    (SELECT json_agg(r.judgement -> 'request') FROM loyalty.transactions r
                      WHERE r.business_id = t.business_id AND r.original_id = t.id
                        AND r.kind = 'refund') AS refunds
               FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.customer_id = w.customer_id
                AND t.occurred_at BETWEEN w.since AND w.until
                AND t.kind = 'purchase' AND t.status = 'recorded' OFFSET 0) t`,
};

export interface PastPurchaseRow {
  ordinal: number;
  id: string;
  integration: string;
  external_id: string;
  occurred_at: number;
  store_id: string;
  receipt: unknown;
  blocked_programs: string[] | null;
  refunds: RefundRequest[] | null;
}

export const findOffers: Statement = {
  name: 'find-offers',
  text: `
    SELECT o.*
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT o.id, o.program_id, o.status, o.ended_at, o.name, o.kind, o.threshold_minor,
                    o.window_hours, o.benefit
               FROM loyalty.offers o
              WHERE o.business_id = w.business_id AND o.id = w.id OFFSET 0) o`,
};

export interface OfferRow {
  id: string;
  program_id: string;
  status: 'draft' | 'live' | 'ended';
  ended_at: number | null;
  name: string;
  kind: OfferTerms['kind'];
  threshold_minor: number;
  window_hours: number;
  benefit: OfferTerms['benefit'];
}

/** What offers gave: the award's note of it, and the reward as it is now. */
export const findOfferAwards: Statement = {
  name: 'find-offer-awards',
  text: `
    SELECT t.id, t.judgement ->> 'lotId' AS lot_id, r.id AS reward_id, r.name AS reward_name,
           r.version AS reward_version, r.status AS reward_status, r.expires_at AS reward_expires_at
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid, card_id uuid)
     CROSS JOIN LATERAL (
             SELECT t.id, t.judgement FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = w.id OFFSET 0) t
      LEFT JOIN LATERAL (
             SELECT r.id, r.name, r.version, r.status, r.expires_at FROM loyalty.issued_rewards r
              WHERE r.business_id = w.business_id AND r.cost = 0
                AND r.card_id = w.card_id
                AND r.transaction_id = t.id OFFSET 0) r ON true`,
};

export interface OfferAwardRow {
  id: string;
  lot_id: LotId | null;
  reward_id: string | null;
  reward_name: string | null;
  reward_version: number | null;
  reward_status: RewardStatus | null;
  reward_expires_at: number | null;
}

/** Facts that no transaction of the books carries. */
export const insertNews: Statement = {
  name: 'insert-news',
  text: `
    WITH news AS (
      INSERT INTO loyalty.outbox (id, business_id, events)
      SELECT id, business_id, events
        FROM json_to_recordset($1::json) AS r (id uuid, business_id uuid, events json)
    )
    SELECT pg_notify('outbox', '')`,
};

/** One page of what a customer received, in the order of their ids. */
export const listOffersOfCustomer: Statement = {
  name: 'list-offers-of-customer',
  text: `
    SELECT ${columns},
           (SELECT t.external_id FROM loyalty.transactions t
             WHERE t.business_id = i.business_id AND t.id = i.completed_by)
           AS completed_by_external_id
      FROM (SELECT * FROM loyalty.offer_instances
             WHERE business_id = $1 AND customer_id = $2 AND id > $3 ORDER BY id LIMIT $4) i
     ${contributions}
     ORDER BY i.id`,
};

export interface ListedOfferRow extends OfferInstanceRow {
  /** The till's id of the sale that completed it. */
  completed_by_external_id: string | null;
}
