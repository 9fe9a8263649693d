import type { RewardDefinitionStatus } from '../../../domain/rewards/definition.ts';
import type { Statement } from '../statement.ts';

/** A definition, locked: the last piece in stock goes to whoever holds the lock. */
export const lockRewardDefinitions: Statement = {
  name: 'lock-reward-definitions',
  text: `
    SELECT d.id, d.program_id, d.status, d.revision, d.stock_left, d.definition
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.reward_definitions d
              WHERE d.business_id = w.business_id AND d.id = w.id OFFSET 0 FOR UPDATE) d`,
};

/** What customers can claim at the moment, as far as its status says. */
export const findLiveDefinitions: Statement = {
  name: 'find-live-definitions',
  text: `
    SELECT d.id, d.program_id, d.status, d.revision, d.stock_left, d.definition
      FROM json_to_recordset($1::json) AS w (business_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.reward_definitions d
              WHERE d.business_id = w.business_id AND d.status = 'live' OFFSET 0) d
     ORDER BY d.id`,
};

/** One less in stock, never less than none. */
export const takeFromStock: Statement = {
  name: 'take-from-stock',
  text: `
    UPDATE loyalty.reward_definitions d
       SET stock_left = d.stock_left - 1
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     WHERE d.business_id = w.business_id AND d.id = w.id AND d.stock_left > 0
    RETURNING d.stock_left`,
};

/** How often cards were given a definition's rewards, those taken back aside. */
export const countTakenRewards: Statement = {
  name: 'count-taken-rewards',
  text: `
    SELECT w.card_id, r.definition_id, count(*)::int AS count
      FROM json_to_recordset($1::json) AS w (business_id uuid, card_id uuid)
     CROSS JOIN LATERAL (
             SELECT x.definition_id FROM loyalty.issued_rewards x
              WHERE x.business_id = w.business_id AND x.card_id = w.card_id
                AND x.status NOT IN ('reversed', 'revoked') OFFSET 0) r
     GROUP BY 1, 2`,
};

/** How a business has sorted a customer. */
export const findCustomerTags: Statement = {
  name: 'find-customer-tags',
  text: `
    SELECT t.tag
      FROM json_to_recordset($1::json) AS w (business_id uuid, customer_id uuid)
     CROSS JOIN LATERAL (
             SELECT x.tag FROM customer.customer_tags x
              WHERE x.business_id = w.business_id AND x.customer_id = w.customer_id OFFSET 0) t`,
};

export interface DefinitionRow {
  id: string;
  program_id: string;
  status: RewardDefinitionStatus;
  revision: number;
  stock_left: number | null;
  definition: unknown;
}
