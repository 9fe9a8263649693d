import type { LotDraw } from '../ledger/lots.ts';
import type { RewardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/**
 * `available → reserved → redeemed → reversed`; `reserved → available` on cancel or time-out;
 * `available → expired | revoked`.
 */
export type RewardStatus =
  'available' | 'reserved' | 'redeemed' | 'reversed' | 'expired' | 'revoked';

/** A change of an issued reward's state: a compare-and-set on its version. */
export interface RewardChange {
  id: RewardId;
  /** The version that was read; the write fails if another came first, and raises it by one. */
  version: number;
  status: RewardStatus;
  /** The lots that pay for it now. */
  funding: readonly LotDraw[];
  expiresAt: Instant | null;
}
