import { sum } from '../earning/purchase.ts';
import type { Lot, LotDraw } from '../ledger/lots.ts';
import { isExpired, type Reservation, type RewardStatus } from '../rewards/reward.ts';
import type { LotId, RewardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** A reward that a sale's lot helped to pay for. */
export interface PaidReward {
  id: RewardId;
  name: string;
  code: string;
  status: RewardStatus;
  version: number;
  /** Ledger units. */
  cost: number;
  versionNumber: number;
  funding: readonly LotDraw[];
  issuedAt: Instant;
  expiresAt: Instant | null;
  reservation: Reservation | null;
}

/** What has become of the lot that a sale made on a card. */
export interface SaleHoldings {
  /** Of the lot, ledger units that have expired. */
  expired: number;
  /** Rewards that it helped to pay for, in whatever state. */
  rewards: readonly PaidReward[];
  /** The lot itself and all lots that paid for those rewards, empty ones included. */
  lots: readonly Lot[];
}

/** Whether its cost can come back: nobody has used it, and its time is not over. */
export function isHeld(reward: PaidReward, at: Instant): boolean {
  const isOpen = reward.status === 'available' || reward.status === 'reserved';
  return isOpen && !isExpired(reward, at);
}

/** The reward that was minted last comes first. */
export function newestFirst(a: PaidReward, b: PaidReward): number {
  return b.issuedAt - a.issuedAt || (a.id < b.id ? 1 : -1);
}

/** Ledger units that a lot paid for it. */
export function paidBy(reward: PaidReward, lotId: LotId): number {
  return sum(reward.funding.filter((draw) => draw.lotId === lotId).map((draw) => draw.amount));
}
