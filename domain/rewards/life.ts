import type { Card } from '../ledger/card.ts';
import { type Program, participates } from '../programs/program.ts';
import type { Store } from '../tenancy/business.ts';
import type { TransactionId } from '../values/ids.ts';
import { type Instant, MINUTE_MS } from '../values/time.ts';
import { type HeldReward, isExpired, isReserved, type RewardChange } from './reward.ts';

/** How long a reservation holds. */
export const RESERVATION_MS = 10 * MINUTE_MS;

/** Refusals, in order of precedence. `reward-not-found` is said before anything is decided. */
export type RewardRefusal =
  | 'reward-not-found'
  | 'reward-revoked'
  | 'reward-already-redeemed'
  | 'reward-reversed'
  | 'reward-expired'
  | 'reward-not-redeemed'
  | 'card-closed'
  | 'card-blocked'
  | 'wrong-store'
  | 'reward-reserved'
  | 'reward-not-reserved';

export type RewardDecision =
  { kind: 'changed'; change: RewardChange } | { kind: 'refused'; code: RewardRefusal };

/** Who wants to do something with a reward, where and when. */
export interface RewardVisit {
  /** `kind:id`. */
  by: string;
  store: Store | null;
  at: Instant;
}

/** What a reward hangs on. */
export interface RewardContext {
  reward: HeldReward;
  card: Card;
  program: Program;
}

/** Holds a reward for ten minutes. Whoever holds it already begins the ten minutes anew. */
export function reserveReward(context: RewardContext, visit: RewardVisit): RewardDecision {
  const { reward } = context;
  const refusal = whyNotUsable(context, visit);
  if (refusal) return { kind: 'refused', code: refusal };
  const until = visit.at + RESERVATION_MS;
  const reservation = { by: visit.by, storeId: visit.store?.id ?? null, until };
  return changed(reward, { status: 'reserved', reservation });
}

/** Uses a reward up. */
export function redeemReward(
  context: RewardContext,
  visit: RewardVisit & { transactionId: TransactionId },
): RewardDecision {
  const refusal = whyNotUsable(context, visit);
  if (refusal) return { kind: 'refused', code: refusal };
  const { by, at, store, transactionId } = visit;
  const redemption = { by, at, storeId: store?.id ?? null, transactionId };
  return changed(context.reward, { status: 'redeemed', redemption });
}

/** Gives up a reservation; only whoever holds it can. */
export function cancelReservation(reward: HeldReward, visit: RewardVisit): RewardDecision {
  const ended = whyEnded(reward, visit.at);
  if (ended) return { kind: 'refused', code: ended };
  if (!isReserved(reward, visit.at)) return { kind: 'refused', code: 'reward-not-reserved' };
  if (!isHolder(reward, visit)) return { kind: 'refused', code: 'reward-reserved' };
  return changed(reward, { status: 'available' });
}

/** A reservation whose time is over, made plain; undefined while it holds or when there is none. */
export function releaseReservation(reward: HeldReward, at: Instant): RewardChange | undefined {
  if (reward.status !== 'reserved' || isReserved(reward, at)) return undefined;
  return change(reward, { status: 'available' });
}

/** A reward whose time is over, made plain; undefined while it is good. */
export function expireReward(reward: HeldReward, at: Instant): RewardChange | undefined {
  if (reward.status === 'expired' || !isExpired(reward, at)) return undefined;
  return change(reward, { status: 'expired' });
}

/** Why a reward cannot be reserved or redeemed, the first reason that applies. */
export function whyNotUsable(
  { reward, card, program }: RewardContext,
  visit: RewardVisit,
): RewardRefusal | undefined {
  const ended = whyEnded(reward, visit.at);
  if (ended) return ended;
  if (card.status === 'closed' || card.status === 'merged') return 'card-closed';
  if (card.status === 'blocked') return 'card-blocked';
  if (visit.store && !isGoodAt(reward, program, visit.store)) return 'wrong-store';
  if (isReserved(reward, visit.at) && !isHolder(reward, visit)) return 'reward-reserved';
  return undefined;
}

function whyEnded(reward: HeldReward, at: Instant): RewardRefusal | undefined {
  if (reward.status === 'revoked') return 'reward-revoked';
  if (reward.status === 'redeemed') return 'reward-already-redeemed';
  if (reward.status === 'reversed') return 'reward-reversed';
  return isExpired(reward, at) ? 'reward-expired' : undefined;
}

function isGoodAt(reward: HeldReward, program: Program, store: Store): boolean {
  return reward.storeIds?.includes(store.id) ?? participates(program, store);
}

/**
 * Whether a reservation is the visitor's own. One that the customer made holds it for whichever till
 * the customer then shows the code to.
 */
function isHolder({ reservation }: HeldReward, visit: RewardVisit): boolean {
  if (!reservation || reservation.by.startsWith('customer:')) return true;
  return reservation.by === visit.by && reservation.storeId === (visit.store?.id ?? null);
}

function changed(
  reward: HeldReward,
  what: Pick<RewardChange, 'status' | 'reservation' | 'redemption'>,
): RewardDecision {
  return { kind: 'changed', change: change(reward, what) };
}

function change(
  { id, version, funding, expiresAt }: HeldReward,
  what: Pick<RewardChange, 'status' | 'reservation' | 'redemption'>,
): RewardChange {
  return { id, version, funding, expiresAt, ...what };
}
