import type { Program } from '../programs/program.ts';
import type { TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { feedOffers } from './feed-offers.ts';
import type { Completion, OfferFeeding, OfferInstance } from './offer.ts';

/** A refunded sale, as far as offers must know it. */
export interface RefundedSale {
  id: TransactionId;
  /** What is left of it for offers of a program, in minor units (see `contributionMinor`). */
  remainingMinor: (program: Program, soldAt: Instant) => number;
}

/** An offer that had given its benefit and is not complete any more. */
export interface WithdrawnOffer {
  instance: OfferInstance;
  was: Completion;
  awardId: TransactionId;
}

/** What a refund does to the offers that its sale fed. */
export interface RefundedOffers {
  feedings: readonly OfferFeeding[];
  /** What these gave must be taken back; they may give it again. */
  withdrawn: readonly WithdrawnOffer[];
}

/**
 * Judges the offers that a sale fed by what is left of it: some stay complete, some are complete by
 * another purchase (the benefit stands), some are complete no more.
 */
export function refundOffers(
  sale: RefundedSale,
  state: { instances: readonly OfferInstance[]; programs: readonly Program[] },
): RefundedOffers {
  const withdrawn: WithdrawnOffer[] = [];
  const feedings = state.instances.flatMap((before) => {
    const program = state.programs.find(({ id }) => id === before.programId);
    const fed = before.contributions.find(({ transactionId }) => transactionId === sale.id);
    if (!program || !fed) return [];
    const left = sale.remainingMinor(program, fed.occurredAt);
    const amountMinor = Math.min(fed.amountMinor, left);
    return feedOffers([before], [{ ...fed, amountMinor }]).map((feeding) => {
      const { step } = feeding;
      if (step.kind !== 'withdrawn' || before.awardId === null) return feeding;
      const instance = { ...feeding.instance, awardId: null };
      withdrawn.push({ instance, was: step.from, awardId: before.awardId });
      return { ...feeding, instance };
    });
  });
  return { feedings, withdrawn };
}
