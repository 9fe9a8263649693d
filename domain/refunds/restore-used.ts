import type { Receipt } from '../earning/purchase.ts';
import type { CardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Program } from '../programs/program.ts';
import { type RestoredReward, restoreReward, whyNotReversible } from '../rewards/restore.ts';
import type { HeldReward } from '../rewards/reward.ts';
import type { IdSource } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { isLineGone, type RefundRequest, remainingOf, sumRefunds } from './remaining.ts';

/** A reward that a refunded sale had used, and that its customer has again. */
export interface RestoredUse {
  /** As it was used. */
  reward: HeldReward;
  restored: RestoredReward;
  program: Program;
  change: CardChange;
}

/** Whether a sale used rewards, so that its refund has to look for them. */
export function usesRewards({ discounts }: Receipt): boolean {
  return discounts.some(({ voucherCode }) => voucherCode !== undefined);
}

/**
 * Gives back the rewards that a sale used, where nothing is left of what they were used for: of the
 * line that the till named, or of the sale. Each gets a code of its own, the old one's expiry and at
 * least seven days.
 * @param used the rewards that the sale used up; one whose redemption was taken back stays as it is
 * @param state the refunds of the sale, this one too; and the rewards' cards as the refund leaves them
 */
export function restoreUsed(
  used: readonly HeldReward[],
  state: {
    receipt: Receipt;
    refunds: readonly RefundRequest[];
    cards: readonly Card[];
    programs: readonly Program[];
    at: Instant;
  },
  ids: IdSource,
): RestoredUse[] {
  const { receipt, refunds, programs, at } = state;
  const cards = new Map(state.cards.map((card) => [card.id, card]));
  const isGivenBack = givenBackOf(receipt, refunds);
  return used.flatMap((reward) => {
    const card = cards.get(reward.cardId);
    const program = programs.find(({ id }) => id === card?.programId);
    if (!card || !program || !isGivenBack(reward) || whyNotReversible(reward, card)) return [];
    const restored = restoreReward(reward, at, program.zone, ids);
    const change = changeOf(card, restored);
    cards.set(card.id, change.card);
    return [{ reward, restored, program, change }];
  });
}

/** Tells of which rewards nothing is left that they were used for. */
function givenBackOf(receipt: Receipt, refunds: readonly RefundRequest[]) {
  const refunded = sumRefunds(refunds);
  const { isEmpty } = remainingOf(receipt, refunded);
  return ({ code }: Pick<HeldReward, 'code'>): boolean => {
    const lines = receipt.discounts
      .filter(({ voucherCode }) => voucherCode === code)
      .map(({ line }) => line);
    const isGone = (line?: number) => line !== undefined && isLineGone(receipt, refunded, line);
    return isEmpty || (lines.length > 0 && lines.every(isGone));
  };
}

function changeOf(card: Card, { change, reward, postings }: RestoredReward): CardChange {
  return {
    // Two facts: the redemption was taken back, and the reward is there again.
    card: { ...card, sequence: card.sequence + 2 },
    balanceBefore: card.balance,
    debtBefore: card.debt,
    isNewCard: false,
    postings,
    newLots: [],
    draws: [],
    rewards: [reward],
    rewardChanges: [change],
  };
}
