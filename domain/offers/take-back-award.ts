import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { type Program, versionAt } from '../programs/program.ts';
import type { SaleHoldings } from '../refunds/holdings.ts';
import { takeBack } from '../refunds/take-back.ts';
import type { RewardChange, RewardStatus } from '../rewards/reward.ts';
import type { IdSource, LotId, RewardId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { toLedgerUnits } from '../values/units.ts';
import type { Completion, OfferInstance } from './offer.ts';

/** What an award had given, as it is now. */
export interface StandingAward {
  /** The lot that an amount came as, with what has become of it; null for a reward. */
  lot: { id: LotId; holdings: SaleHoldings } | null;
  /** The reward that it gave; null for an amount. */
  reward: GivenReward | null;
}

export interface GivenReward {
  id: RewardId;
  name: string;
  version: number;
  status: RewardStatus;
  expiresAt: Instant | null;
}

/** An award taken back: a transaction of its own, like the award. */
export interface TakenBackAward {
  id: TransactionId;
  awardId: TransactionId;
  /** Without its award: it may be given again, when other purchases complete the offer. */
  instance: OfferInstance;
  program: Program;
  change: CardChange;
  /** Rewards that are worth nothing any more, as they were. */
  revoked: readonly { id: RewardId; name: string }[];
}

/**
 * Takes back what an offer gave, when a refund leaves it incomplete: an amount like what a refunded
 * sale had earned, what is spent already being owed. A reward is revoked unless it was redeemed: then
 * it stands, and nothing is owed, because it had cost nothing.
 */
export function takeBackAward(
  input: {
    instance: OfferInstance & { awardId: TransactionId };
    was: Completion;
    card: Card;
    program: Program;
    award: StandingAward;
    at: Instant;
  },
  ids: IdSource,
): TakenBackAward {
  const { instance, card, program, award } = input;
  const back = {
    id: ids.id('txn'),
    awardId: instance.awardId,
    instance: { ...instance, awardId: null },
    program,
  };
  const { benefit } = instance.terms;
  if (benefit.kind === 'reward' || !award.lot) return { ...back, ...revoke(card, award.reward) };
  const { lot } = award;
  const version = versionAt(program, input.was.at);
  const { change, revoked } = takeBack(
    {
      card,
      program,
      lotId: lot.id,
      amount: toLedgerUnits(benefit.amount, program.unit),
      holdings: lot.holdings,
      sparedBefore: 0,
      owes: version?.refundDebt !== 'stop-at-zero' && card.status !== 'closed',
      at: input.at,
    },
    ids,
  );
  return { ...back, change, revoked };
}

function revoke(
  card: Card,
  reward: GivenReward | null,
): Pick<TakenBackAward, 'change' | 'revoked'> {
  const isOpen = reward?.status === 'available' || reward?.status === 'reserved';
  const revoked = reward && isOpen ? [reward] : [];
  return {
    change: cardChange(card, {
      card: { ...card, sequence: card.sequence + revoked.length },
      rewardChanges: revoked.map(({ id, version, expiresAt }): RewardChange => ({
        id,
        version,
        status: 'revoked',
        funding: [],
        expiresAt,
      })),
    }),
    revoked,
  };
}
