import type { Card } from '../../domain/ledger/card.ts';
import type { HeldReward, Redemption, Reservation } from '../../domain/rewards/reward.ts';
import type { IssuedReward } from '../../domain/rewards/mint.ts';
import type { IdSource, RewardId, TransactionId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { cardIdentity } from './card-events.ts';

/** Where an event of a reward stands: on which card, as which of its events, by what. */
export interface RewardEventContext {
  card: Card;
  sequence: number;
  transactionId: TransactionId;
  ids: IdSource;
}

/** The fact that a customer has a reward. */
export function rewardIssued(reward: IssuedReward, context: RewardEventContext): OutboxEvent {
  const expiresAt = reward.expiresAt === null ? null : toIso(reward.expiresAt);
  const data = { ...common(reward, context), expiresAt };
  return { id: context.ids.id('evt'), type: 'reward.issued', data };
}

/** The fact that somebody holds it for ten minutes. */
export function rewardReserved(
  reward: HeldReward,
  reservation: Reservation,
  context: RewardEventContext,
): OutboxEvent {
  const data = { ...common(reward, context), reservedUntil: toIso(reservation.until) };
  return { id: context.ids.id('evt'), type: 'reward.reserved', data };
}

/** The fact that nobody holds it any more. */
export function rewardReleased(reward: HeldReward, context: RewardEventContext): OutboxEvent {
  return { id: context.ids.id('evt'), type: 'reward.released', data: common(reward, context) };
}

/** The fact that it was used. */
export function rewardRedeemed(
  reward: HeldReward,
  { storeId, at }: Redemption,
  context: RewardEventContext,
): OutboxEvent {
  const data = { ...common(reward, context), storeId, redeemedAt: toIso(at) };
  return { id: context.ids.id('evt'), type: 'reward.redeemed', data };
}

/** The fact that its redemption was taken back. */
export function rewardReversed(
  reward: HeldReward,
  replacedBy: RewardId,
  context: RewardEventContext,
): OutboxEvent {
  const data = { ...common(reward, context), replacedBy };
  return { id: context.ids.id('evt'), type: 'reward.reversed', data };
}

/** The fact that it is worth nothing any more: what had paid for it is gone. */
export function rewardRevoked(
  { id: rewardId, name }: Pick<HeldReward, 'id' | 'name'>,
  { card, sequence, transactionId, ids }: RewardEventContext,
): OutboxEvent {
  const data = { ...cardIdentity(card), sequence, transactionId, rewardId, name };
  return { id: ids.id('evt'), type: 'reward.revoked', data };
}

/** The fact that nobody used it in time. */
export function rewardExpired(reward: HeldReward, context: RewardEventContext): OutboxEvent {
  const data = { ...common(reward, context), expiresAt: toIso(reward.expiresAt ?? 0) };
  return { id: context.ids.id('evt'), type: 'reward.expired', data };
}

function common(
  reward: Pick<HeldReward, 'id' | 'definitionId' | 'name'>,
  { card, sequence, transactionId }: RewardEventContext,
) {
  return {
    ...cardIdentity(card),
    sequence,
    transactionId,
    rewardId: reward.id,
    definitionId: reward.definitionId,
    name: reward.name,
  };
}
