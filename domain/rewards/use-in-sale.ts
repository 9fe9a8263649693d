import type { Receipt } from '../earning/purchase.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Store } from '../tenancy/business.ts';
import type { TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { redeemReward, type RewardContext, type RewardRefusal } from './life.ts';
import type { HeldReward, Redemption } from './reward.ts';

/** A sale that says it used a reward. */
export interface UsingSale {
  transactionId: TransactionId;
  store: Store;
  at: Instant;
  by: string;
  /** Whether it is kept without effect, until somebody has looked. */
  isInReview: boolean;
}

/** What became of a voucher: the sale stands in any case, because the till gave the discount. */
export type VoucherUse =
  | { kind: 'used'; reward: HeldReward; redemption: Redemption; change: CardChange }
  | { kind: 'not-used'; code: RewardRefusal | 'occurred-too-long-ago' };

/** The rewards that a sale names, each once: two discounts may be for the same one. */
export function voucherCodesOf({ discounts }: Pick<Receipt, 'discounts'>): string[] {
  return [...new Set(discounts.flatMap(({ voucherCode }) => voucherCode ?? []))];
}

/**
 * Uses a reward in a sale. One that cannot be used leaves the sale as it is, with the reason: the
 * customer has gone home with the discount, and the shop decides what to make of it.
 */
export function useInSale(context: RewardContext | undefined, sale: UsingSale): VoucherUse {
  if (!context) return { kind: 'not-used', code: 'reward-not-found' };
  if (sale.isInReview) return { kind: 'not-used', code: 'occurred-too-long-ago' };
  const decision = redeemReward(context, sale);
  if (decision.kind === 'refused') return { kind: 'not-used', code: decision.code };
  const { card, reward } = context;
  const { redemption } = decision.change;
  if (!redemption) throw new Error('a redemption without a redemption');
  return {
    kind: 'used',
    reward: {
      ...reward,
      status: 'redeemed',
      version: reward.version + 1,
      reservation: null,
      redemption,
    },
    redemption,
    change: cardChange(card, {
      card: { ...card, sequence: card.sequence + 1 },
      rewardChanges: [decision.change],
    }),
  };
}
