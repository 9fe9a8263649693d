import type { PurchaseQuery } from '../../domain/earning/purchase-store.ts';
import type { OwnedReward } from '../../domain/rewards/reward-books.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { toReward } from './reward-books.ts';
import { runStatement } from './statement.ts';
import { findRewardsByCode, type RewardRow } from './statements/find-rewards.ts';

/**
 * The rewards that sales name as vouchers. Asked once for whose they are, so that their cards are
 * locked with those of the customers, and once more under those locks. Without vouchers nothing is
 * sent.
 */
export async function findVouchers(
  client: Queryable,
  queries: readonly PurchaseQuery[],
): Promise<RewardRow[]> {
  if (!queries.some((query) => query.voucherCodes)) return [];
  const wanted = queries.flatMap(({ businessId, voucherCodes = [] }) =>
    voucherCodes.map((code) => ({ business_id: toUuid(businessId), code })),
  );
  return runStatement<RewardRow>(client, findRewardsByCode, wanted);
}

/** The same as the domain sees them, under the locks of their cards. */
export async function loadVouchers(
  client: Queryable,
  queries: readonly PurchaseQuery[],
): Promise<OwnedReward[]> {
  return (await findVouchers(client, queries)).map(toReward);
}
