import type { LotDraw } from '../../../domain/ledger/lots.ts';
import type { RewardStatus } from '../../../domain/rewards/reward.ts';
import type { Statement } from '../statement.ts';

// Funding and draws name lots by public id, inside json that is only ever read whole. A card has few
// rewards and few expiries, so a search through the text of each is cheaper than an index for all.

/** Rewards that some lots helped to pay for, in whatever state. */
export const findPaidRewards: Statement = {
  name: 'find-paid-rewards',
  text: `
    SELECT r.id, r.card_id, r.name, r.code, r.status, r.version, r.cost, r.version_number,
           r.funding, r.issued_at, r.expires_at, r.reserved_by, r.reserved_store_id,
           r.reserved_until
      FROM json_to_recordset($1::json) AS w (business_id uuid, card_id uuid, lot_id text)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.issued_rewards r
              WHERE r.business_id = w.business_id AND r.card_id = w.card_id
                AND strpos(r.funding::text, w.lot_id) > 0 OFFSET 0) r`,
};

export interface PaidRewardRow {
  id: string;
  card_id: string;
  name: string;
  code: string;
  status: RewardStatus;
  version: number;
  cost: number;
  version_number: number;
  funding: LotDraw[];
  issued_at: number;
  expires_at: number | null;
  reserved_by: string | null;
  reserved_store_id: string | null;
  reserved_until: number | null;
}

/** Lots by id, empty ones included. */
export const findLots: Statement = {
  name: 'find-lots',
  text: `
    SELECT l.id, l.card_id, l.earned_at, l.lapses, l.remaining,
           -- A card whose lots have lapsed has no such end any more: theirs was at some time past.
           CASE WHEN l.lapses THEN coalesce(c.active_until, l.earned_at)
                ELSE l.expires_at END AS expires_at
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.lots l
              WHERE l.business_id = w.business_id AND l.id = w.id OFFSET 0) l
     CROSS JOIN LATERAL (
             SELECT c.active_until FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = l.card_id OFFSET 0) c`,
};

/** What expired of some lots, on their card or on one that was merged into it since. */
export const findExpired: Statement = {
  name: 'find-expired',
  text: `
    SELECT w.card_id, sum((draw ->> 'amount')::bigint)::bigint AS amount
      FROM json_to_recordset($1::json) AS w (business_id uuid, card_id uuid, lot_id text)
     CROSS JOIN LATERAL (
             SELECT w.card_id AS id
             UNION ALL
             SELECT c.id FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.merged_into = w.card_id) c
     CROSS JOIN LATERAL (
             SELECT p.draws FROM loyalty.postings p
              WHERE p.business_id = w.business_id AND p.card_id = c.id
                AND p.to_account = 'expired' AND strpos(p.draws::text, w.lot_id) > 0
             OFFSET 0) p
     CROSS JOIN LATERAL json_array_elements(p.draws) draw
     WHERE draw ->> 'lotId' = w.lot_id
     GROUP BY w.card_id`,
};

export interface ExpiredRow {
  card_id: string;
  amount: number;
}

/** What refunds of the sales that made some lots could not take, whether it was repaid since or not. */
export const findOwed: Statement = {
  name: 'find-owed-for-lots',
  text: `
    SELECT coalesce(sum(p.amount), 0)::bigint AS owed
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid, card_id uuid)
     CROSS JOIN LATERAL (
             SELECT l.transaction_id FROM loyalty.lots l
              WHERE l.business_id = w.business_id AND l.id = w.id OFFSET 0) l
     CROSS JOIN LATERAL (
             SELECT CASE t.kind WHEN 'purchase' THEN t.id ELSE t.original_id END AS sale_id
               FROM loyalty.transactions t
              WHERE t.business_id = w.business_id AND t.id = l.transaction_id OFFSET 0) t
     CROSS JOIN LATERAL (
             SELECT r.id FROM loyalty.transactions r
              WHERE r.business_id = w.business_id AND r.original_id = t.sale_id
                AND r.kind = 'refund' OFFSET 0) r
     CROSS JOIN LATERAL (
             SELECT c.program_id FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.id = w.card_id OFFSET 0) c
     CROSS JOIN LATERAL (
             SELECT p.amount FROM loyalty.postings p
              WHERE p.business_id = w.business_id AND p.transaction_id = r.id
                AND p.program_id = c.program_id AND p.from_account = 'debt' OFFSET 0) p`,
};
