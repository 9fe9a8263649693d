import type { Receipt } from '../earning/purchase.ts';
import { giveBack } from '../expiry/give-back.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Lot } from '../ledger/lots.ts';
import type { Program } from '../programs/program.ts';
import { type RestoredReward, restoreReward, whyNotReversible } from '../rewards/restore.ts';
import type { HeldReward } from '../rewards/reward.ts';
import type { IdSource } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { arrive } from './points-back.ts';
import { isLineGone, type RefundRequest, remainingOf, sumRefunds } from './remaining.ts';

/** A reward that a refunded sale had used, and that its customer has again. */
export interface RestoredUse {
  /** As it was used. */
  reward: HeldReward;
  /** Null where its cost pays what the card owes for it. */
  restored: RestoredReward | null;
  program: Program;
  /** Ledger units that its cost repaid. */
  repaid: number;
  change: CardChange;
}

/** A reward that the sale used up, with what became of what had paid for it. */
export interface UsedReward {
  reward: HeldReward;
  /** Ledger units that refunds of the sales which had paid for it could not take, and are owed. */
  owed: number;
  /** The lots that had paid for it, empty ones too. */
  lots: readonly Lot[];
}

/** Whether a sale used rewards, so that its refund has to look for them. */
export function usesRewards({ discounts }: Receipt): boolean {
  return discounts.some(({ voucherCode }) => voucherCode !== undefined);
}

/**
 * Gives back the rewards that a sale used, where nothing is left of what they were used for: of the
 * line that the till named, or of the sale. Each gets a code of its own, the old one's expiry and at
 * least seven days. Where the card owes what had paid for the reward, because that was refunded while
 * the reward was used, its cost pays that instead and the rest of it comes back: as if the refunds
 * had come the other way round.
 * @param used the rewards that the sale used up; one whose redemption was taken back stays as it is
 * @param state the refunds of the sale, this one too; and the rewards' cards as the refund leaves them
 */
export function restoreUsed(
  used: readonly UsedReward[],
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
  return used.flatMap(({ reward, owed, lots }) => {
    const card = cards.get(reward.cardId);
    const program = programs.find(({ id }) => id === card?.programId);
    if (!card || !program || !isGivenBack(reward) || whyNotReversible(reward, card)) return [];
    const repaid = Math.min(owed, card.debt, reward.cost);
    const restored = repaid > 0 ? null : restoreReward(reward, at, program.zone, ids);
    const change = restored
      ? changeOf(card, restored)
      : settle(card, { reward, lots, repaid }, { at, zone: program.zone }, ids);
    cards.set(card.id, change.card);
    return [{ reward, restored, program, repaid, change }];
  });
}

/** The cost comes back, and pays first what is owed. */
function settle(
  card: Card,
  { reward, lots, repaid }: { reward: HeldReward; lots: readonly Lot[]; repaid: number },
  { at, zone }: { at: Instant; zone: string },
  ids: IdSource,
): CardChange {
  const back = giveBack(reward.funding, lots, { cardId: card.id, at, zone }, ids);
  const change = arrive(card, { back, lots, repaid, at, rewardId: reward.id });
  const { id, version, expiresAt } = reward;
  return {
    ...change,
    // Two facts: the card has changed, and the reward is worth nothing.
    card: { ...change.card, sequence: card.sequence + 2 },
    rewardChanges: [{ id, version, status: 'reversed', funding: [], expiresAt }],
  };
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
  return cardChange(card, {
    // Two facts: the redemption was taken back, and the reward is there again.
    card: { ...card, sequence: card.sequence + 2 },
    postings,
    rewards: [reward],
    rewardChanges: [change],
  });
}
