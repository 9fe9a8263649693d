import type { Benefit } from '../../../domain/programs/program.ts';
import type { RewardStatus } from '../../../domain/rewards/reward.ts';
import type { Statement } from '../statement.ts';

/**
 * A customer's cards, with those of their lots that expire and their rewards that can still be used.
 * One statement, so that all of it is of one moment.
 */
export const readHoldings: Statement = {
  name: 'read-holdings',
  text: `
    SELECT c.id, c.code, c.program_id, c.status, c.balance, c.sequence, c.version_number, l.lots, r.rewards
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.cards c
              WHERE c.business_id = w.business_id AND c.customer_id = w.customer_id
                AND c.status <> 'merged' OFFSET 0) c
     CROSS JOIN LATERAL (
             SELECT json_agg(json_build_object('amount', l.remaining, 'expiresAt', l.expires_at)
                             ORDER BY l.expires_at) AS lots
               FROM (SELECT sum(l.remaining)::bigint AS remaining,
                            CASE WHEN l.lapses THEN c.active_until ELSE l.expires_at END AS expires_at
                       FROM loyalty.lots l
                      WHERE l.business_id = w.business_id AND l.card_id = c.id AND l.remaining > 0
                      GROUP BY 2 OFFSET 0) l
              WHERE l.expires_at IS NOT NULL) l
     CROSS JOIN LATERAL (
             SELECT json_agg(json_build_object(
                      'id', r.id, 'code', r.code, 'name', r.name, 'benefit', r.benefit,
                      'status', r.status, 'expiresAt', r.expires_at,
                      'reservedUntil', r.reserved_until) ORDER BY r.issued_at, r.id) AS rewards
               FROM loyalty.issued_rewards r
              WHERE r.business_id = w.business_id AND r.card_id = c.id
                AND r.status IN ('available', 'reserved')) r
     ORDER BY c.id`,
};

export interface HoldingRow {
  id: string;
  code: string;
  program_id: string;
  status: 'active' | 'blocked' | 'closed';
  balance: number;
  sequence: number;
  version_number: number;
  lots: { amount: number; expiresAt: string }[] | null;
  rewards:
    | {
        id: string;
        code: string;
        name: string;
        benefit: Benefit;
        status: RewardStatus;
        expiresAt: string | null;
        reservedUntil: string | null;
      }[]
    | null;
}
