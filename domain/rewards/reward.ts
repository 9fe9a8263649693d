import type { LotDraw } from '../ledger/lots.ts';
import type { Benefit } from '../programs/program.ts';
import type {
  CardId,
  RewardDefinitionId,
  RewardId,
  StoreId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/**
 * `available → reserved → redeemed → reversed`; `reserved → available` on cancel or time-out;
 * `available → expired | revoked`.
 */
export type RewardStatus =
  'available' | 'reserved' | 'redeemed' | 'reversed' | 'expired' | 'revoked';

/** Somebody holds a reward for a moment, so that nobody else redeems it meanwhile. */
export interface Reservation {
  /** `kind:id` of whoever reserved it. */
  by: string;
  storeId: StoreId | null;
  /** It holds before this moment, not at it. */
  until: Instant;
}

/** That a reward was used. */
export interface Redemption {
  /** `kind:id` of whoever redeemed it. */
  by: string;
  storeId: StoreId | null;
  at: Instant;
  /** The transaction that redeemed it: the sale it was used in, or one of its own. */
  transactionId: TransactionId;
}

/** An issued reward as it is held, with everything that decides about it. */
export interface HeldReward {
  id: RewardId;
  definitionId: RewardDefinitionId;
  cardId: CardId;
  code: string;
  name: string;
  benefit: Benefit;
  /** Ledger units it cost. */
  cost: number;
  versionNumber: number;
  status: RewardStatus;
  /** Raised by every change. */
  version: number;
  issuedAt: Instant;
  /** It is good before this moment; null means for ever. */
  expiresAt: Instant | null;
  funding: readonly LotDraw[];
  /** Where it can be used; null means wherever the program is. */
  storeIds: readonly StoreId[] | null;
  reservation: Reservation | null;
  redemption: Redemption | null;
}

/** A change of an issued reward's state: a compare-and-set on its version. */
export interface RewardChange {
  id: RewardId;
  /** The version that was read; the write fails if another came first, and raises it by one. */
  version: number;
  status: RewardStatus;
  /** The lots that pay for it now. */
  funding: readonly LotDraw[];
  expiresAt: Instant | null;
  /** Who holds it; absent ends a reservation. */
  reservation?: Reservation | undefined;
  /** Who used it; absent leaves what is known. */
  redemption?: Redemption | undefined;
}

/** Whether a reservation holds at a moment; one that timed out does not, swept or not. */
export function isReserved(
  reward: Pick<HeldReward, 'status' | 'reservation'>,
  at: Instant,
): boolean {
  return (
    reward.status === 'reserved' && reward.reservation !== null && at < reward.reservation.until
  );
}

/**
 * Whether a reward's time is over. A reservation made in time keeps it good while it holds: nobody
 * loses a coffee at midnight between two scans.
 */
export function isExpired(
  reward: Pick<HeldReward, 'status' | 'reservation' | 'expiresAt'>,
  at: Instant,
): boolean {
  if (reward.status === 'expired') return true;
  if (reward.status !== 'available' && reward.status !== 'reserved') return false;
  return reward.expiresAt !== null && at >= reward.expiresAt && !isReserved(reward, at);
}

/** Whether a customer can use it now, as far as the reward itself says. */
export function isUsable(
  reward: Pick<HeldReward, 'status' | 'reservation' | 'expiresAt'>,
  at: Instant,
): boolean {
  const isOpen = reward.status === 'available' || reward.status === 'reserved';
  return isOpen && !isReserved(reward, at) && !isExpired(reward, at);
}
