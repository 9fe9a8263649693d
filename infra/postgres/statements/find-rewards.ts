import type { Benefit } from '../../../domain/programs/program.ts';
import type { RewardStatus } from '../../../domain/rewards/reward.ts';
import type { Statement } from '../statement.ts';

const columns = `
           r.business_id, r.id, r.definition_id, r.card_id, r.code, r.name, r.benefit, r.cost,
           r.version_number, r.status, r.version, r.issued_at, r.expires_at, r.funding, r.store_ids,
           r.reserved_by, r.reserved_store_id, r.reserved_until,
           r.redeemed_by, r.redeemed_store_id, r.redeemed_at, r.redeemed_in`;

/** Rewards by their codes; an unknown code gives no row. */
export const findRewardsByCode: Statement = {
  name: 'find-rewards-by-code',
  text: `
    SELECT ${columns}, c.customer_id
      FROM json_to_recordset($1::json) AS w (business_id uuid, code text)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards x
              WHERE x.business_id = w.business_id AND x.code = w.code OFFSET 0) r
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM loyalty.cards x
              WHERE x.business_id = r.business_id AND x.id = r.card_id OFFSET 0) c`,
};

/** Rewards that one transaction redeemed. */
export const findRewardsRedeemedIn: Statement = {
  name: 'find-rewards-redeemed-in',
  text: `
    SELECT ${columns}, c.customer_id
      FROM json_to_recordset($1::json) AS w (business_id uuid, transaction_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards x
              WHERE x.business_id = w.business_id AND x.redeemed_in = w.transaction_id OFFSET 0) r
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM loyalty.cards x
              WHERE x.business_id = r.business_id AND x.id = r.card_id OFFSET 0) c
     ORDER BY r.id`,
};

/** Rewards on some cards (`$2`) of a business that could still be used. */
export const findOpenRewards: Statement = {
  name: 'find-open-rewards',
  text: `
    SELECT ${columns}, c.customer_id
      FROM loyalty.issued_rewards r
      JOIN loyalty.cards c ON c.business_id = r.business_id AND c.id = r.card_id
     WHERE r.business_id = $1 AND r.card_id = ANY ($2) AND r.status IN ('available', 'reserved')
     ORDER BY r.id`,
};

/** Rewards whose time is over and that do not say so, the longest overdue first. */
export const findExpiredRewards: Statement = {
  name: 'find-expired-rewards',
  text: `
    SELECT ${columns}, c.customer_id
      FROM json_to_recordset($1::json) AS w (business_id uuid, at timestamptz, max integer)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards x
              WHERE x.business_id = w.business_id AND x.status IN ('available', 'reserved')
                AND x.expires_at <= w.at
                AND (x.reserved_until IS NULL OR x.reserved_until <= w.at)
              ORDER BY x.expires_at LIMIT w.max) r
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM loyalty.cards x
              WHERE x.business_id = r.business_id AND x.id = r.card_id OFFSET 0) c`,
};

/** Rewards whose reservation is over and that do not say so. */
export const findLapsedReservations: Statement = {
  name: 'find-lapsed-reservations',
  text: `
    SELECT ${columns}, c.customer_id
      FROM json_to_recordset($1::json) AS w (business_id uuid, at timestamptz, max integer)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards x
              WHERE x.business_id = w.business_id AND x.status = 'reserved'
                AND x.reserved_until <= w.at
              ORDER BY x.reserved_until LIMIT w.max) r
     CROSS JOIN LATERAL (
             SELECT x.customer_id FROM loyalty.cards x
              WHERE x.business_id = r.business_id AND x.id = r.card_id OFFSET 0) c`,
};

export interface RewardRow {
  business_id: string;
  id: string;
  definition_id: string;
  card_id: string;
  customer_id: string;
  code: string;
  name: string;
  benefit: Benefit;
  cost: number;
  version_number: number;
  status: RewardStatus;
  version: number;
  issued_at: number;
  expires_at: number | null;
  funding: { lotId: `lot_${string}`; amount: number }[];
  store_ids: string[] | null;
  reserved_by: string | null;
  reserved_store_id: string | null;
  reserved_until: number | null;
  redeemed_by: string | null;
  redeemed_store_id: string | null;
  redeemed_at: number | null;
  redeemed_in: string | null;
}
