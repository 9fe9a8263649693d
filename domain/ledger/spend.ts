import type { RewardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { Card } from './card.ts';
import { applyDraws, drawFromLots, isValidAt, type Lot, type LotDraw } from './lots.ts';
import type { Posting } from './posting.ts';

/** What a spending does to a card: `balance` and `lots` are the card's afterwards. */
export interface Spending {
  balance: number;
  lots: readonly Lot[];
  posting: Posting;
  draws: readonly LotDraw[];
}

/** Ledger units that a card can spend at a moment: what has expired is gone, swept or not. */
export function validBalance(card: Pick<Card, 'lots'>, at: Instant): number {
  let valid = 0;
  for (const lot of card.lots) if (isValidAt(lot, at)) valid += lot.remaining;
  return valid;
}

/**
 * Spends an amount of a card, from the lots that expire first.
 * @param what ledger units, > 0; and the reward it pays for, if it does
 * @throws RangeError when the valid lots hold less; callers decide before they spend
 */
export function spend(
  card: Pick<Card, 'id' | 'balance' | 'lots'>,
  what: { amount: number; at: Instant; rewardId?: RewardId },
): Spending {
  const { amount, at, rewardId } = what;
  const valid = card.lots.filter((lot) => isValidAt(lot, at));
  const draws = drawFromLots(valid, amount);
  return {
    balance: card.balance - amount,
    lots: applyDraws(card.lots, draws),
    draws,
    posting: {
      cardId: card.id,
      from: 'card',
      to: 'redeemed',
      amount,
      draws,
      ...(rewardId && { rewardId }),
    },
  };
}
