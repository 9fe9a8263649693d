import type { RewardDefinition } from '../../domain/rewards/definition.ts';
import type { OwnedReward, RewardBooks } from '../../domain/rewards/reward-books.ts';
import { rewardTermsSchema } from '../../queues/reward-terms.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as rewards from './statements/find-rewards.ts';
import * as definitions from './statements/reward-definitions.ts';

/** Rewards, bound to one transaction's connection. */
export function createRewardBooks(client: Queryable): RewardBooks {
  return {
    async findReward(businessId, code) {
      const wanted = [{ business_id: toUuid(businessId), code }];
      const [row] = await runStatement<rewards.RewardRow>(
        client,
        rewards.findRewardsByCode,
        wanted,
      );
      return row && toReward(row);
    },
    async findRedeemedIn(businessId, transactionId) {
      const wanted = { business_id: toUuid(businessId), transaction_id: toUuid(transactionId) };
      const rows = await runStatement<rewards.RewardRow>(client, rewards.findRewardsRedeemedIn, [
        wanted,
      ]);
      return rows.map(toReward);
    },
    async findOverdue(businessId, { what, at, limit }) {
      const statement =
        what === 'expiry' ? rewards.findExpiredRewards : rewards.findLapsedReservations;
      const wanted = {
        business_id: toUuid(businessId),
        at: new Date(at).toISOString(),
        max: limit,
      };
      const rows = await runStatement<rewards.RewardRow>(client, statement, [wanted]);
      return rows.map(toReward);
    },
    async lockDefinition(businessId, id) {
      const wanted = [{ business_id: toUuid(businessId), id: toUuid(id) }];
      const [row] = await runStatement<definitions.DefinitionRow>(
        client,
        definitions.lockRewardDefinitions,
        wanted,
      );
      return row && toDefinition(row);
    },
    async takeFromStock(businessId, id) {
      const wanted = [{ business_id: toUuid(businessId), id: toUuid(id) }];
      const taken = await runStatement(client, definitions.takeFromStock, wanted);
      if (taken.length === 0) throw new Error(`nothing in stock of ${id}`);
    },
    async countTaken(businessId, cardId, definitionId) {
      const wanted = [{ business_id: toUuid(businessId), card_id: toUuid(cardId) }];
      const rows = await runStatement<{ definition_id: string; count: number }>(
        client,
        definitions.countTakenRewards,
        wanted,
      );
      return rows.find((row) => row.definition_id === toUuid(definitionId))?.count ?? 0;
    },
    async tagsOf(businessId, customerId) {
      const wanted = [{ business_id: toUuid(businessId), customer_id: toUuid(customerId) }];
      const rows = await runStatement<{ tag: string }>(
        client,
        definitions.findCustomerTags,
        wanted,
      );
      return rows.map((row) => row.tag);
    },
  };
}

/** A definition's row as the domain sees it. */
export function toDefinition(row: definitions.DefinitionRow): RewardDefinition {
  return {
    id: fromUuid('rdf', row.id),
    programId: fromUuid('prg', row.program_id),
    status: row.status,
    revision: row.revision,
    stockLeft: row.stock_left,
    terms: rewardTermsSchema.parse(row.definition),
  };
}

/** A reward's row as the domain sees it. */
export function toReward(row: rewards.RewardRow): OwnedReward {
  return {
    id: fromUuid('rwd', row.id),
    businessId: fromUuid('biz', row.business_id),
    definitionId: fromUuid('rdf', row.definition_id),
    cardId: fromUuid('crd', row.card_id),
    customerId: fromUuid('cus', row.customer_id),
    code: row.code,
    name: row.name,
    benefit: row.benefit,
    cost: row.cost,
    versionNumber: row.version_number,
    status: row.status,
    version: row.version,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    funding: row.funding,
    storeIds: row.store_ids?.map((id) => fromUuid('sto', id)) ?? null,
    reservation:
      row.reserved_by === null || row.reserved_until === null
        ? null
        : {
            by: row.reserved_by,
            storeId: toStoreId(row.reserved_store_id),
            until: row.reserved_until,
          },
    redemption:
      row.redeemed_by === null || row.redeemed_at === null || row.redeemed_in === null
        ? null
        : {
            by: row.redeemed_by,
            storeId: toStoreId(row.redeemed_store_id),
            at: row.redeemed_at,
            transactionId: fromUuid('txn', row.redeemed_in),
          },
  };
}

function toStoreId(uuid: string | null) {
  return uuid === null ? null : fromUuid('sto', uuid);
}
