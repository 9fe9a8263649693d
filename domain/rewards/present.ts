import type { Benefit, Program } from '../programs/program.ts';
import type { Instant } from '../values/time.ts';
import { presentAmount } from '../values/units.ts';
import { type HeldReward, isExpired, isReserved, type RewardStatus } from './reward.ts';

/** An issued reward as the API shows it. */
export interface RewardView {
  id: string;
  definitionId: string;
  cardId: string;
  programId: string;
  code: string;
  name: string;
  benefit: Benefit;
  cost: number | string;
  /** As of now: a reservation that timed out is available, what is past its time is expired. */
  status: RewardStatus;
  issuedAt: string;
  expiresAt: string | null;
  reservedUntil: string | null;
  redeemedAt: string | null;
  redeemedStoreId: string | null;
}

/** Renders a reward as it is at a moment, whether a sweep has come by or not. */
export function presentReward(
  reward: HeldReward,
  program: Pick<Program, 'id' | 'unit'>,
  at: Instant,
): RewardView {
  const { redemption } = reward;
  const status = statusAt(reward, at);
  return {
    id: reward.id,
    definitionId: reward.definitionId,
    cardId: reward.cardId,
    programId: program.id,
    code: reward.code,
    name: reward.name,
    benefit: reward.benefit,
    cost: presentAmount(reward.cost, program.unit),
    status,
    issuedAt: toText(reward.issuedAt),
    expiresAt: reward.expiresAt === null ? null : toText(reward.expiresAt),
    reservedUntil:
      status === 'reserved' && reward.reservation ? toText(reward.reservation.until) : null,
    redeemedAt: redemption && toText(redemption.at),
    redeemedStoreId: redemption?.storeId ?? null,
  };
}

/** What a reward is at a moment, whatever is written about it. */
export function statusAt(reward: HeldReward, at: Instant): RewardStatus {
  if (isExpired(reward, at)) return 'expired';
  if (reward.status === 'reserved' && !isReserved(reward, at)) return 'available';
  return reward.status;
}

function toText(instant: Instant): string {
  return new Date(instant).toISOString();
}
