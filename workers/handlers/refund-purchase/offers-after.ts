import type { BusinessConfig } from '../../../domain/earning/decide-purchase.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import { refundedMinor } from '../../../domain/offers/contribution.ts';
import type { OfferBooks } from '../../../domain/offers/offer-books.ts';
import { type RefundedOffers, refundOffers } from '../../../domain/offers/refund-offers.ts';
import { takeBackAward } from '../../../domain/offers/take-back-award.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { RefundableSale } from '../../../domain/refunds/decide-refund.ts';
import type { RefundRequest } from '../../../domain/refunds/remaining.ts';
import type { IdSource, StoreId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { takenBackEntry } from '../offer-entries.ts';

interface Repos {
  books: LedgerBooks;
  offers: OfferBooks;
}

/** What a refund does to the offers that its sale fed; `refunds` are all of that sale, this one too. */
export async function judgeOffers(
  { offers }: Repos,
  { businessId }: Pick<Envelope, 'businessId'>,
  refunded: {
    sale: RefundableSale;
    config: BusinessConfig;
    refunds: readonly RefundRequest[];
  },
): Promise<RefundedOffers> {
  const { sale, config, refunds } = refunded;
  if (!config.hasOffers || sale.customerId === null) return { feedings: [], withdrawn: [] };
  const { receipt } = sale;
  const judged: RefundedOffers[] = [];
  for (const id of sale.earnedIn) {
    const instances = await offers.findFedBy(businessId, id);
    const remainingMinor = (program: Program, soldAt: Instant) =>
      refundedMinor(program, { receipt, occurredAt: soldAt, refunds });
    judged.push(refundOffers({ id, remainingMinor }, { instances, programs: config.programs }));
  }
  return {
    feedings: judged.flatMap(({ feedings }) => feedings),
    withdrawn: judged.flatMap(({ withdrawn }) => withdrawn),
  };
}

/**
 * Takes back what withdrawn offers had given, each on what the one before it left: cards, lots and
 * rewards are read again, since a reward may have been paid for by the sale and by several offers.
 */
export async function takeBackAwards(
  { books, offers }: Repos,
  { withdrawn }: RefundedOffers,
  refund: {
    message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>;
    config: BusinessConfig;
    storeId: StoreId | null;
    at: Instant;
  },
  ids: IdSource,
): Promise<void> {
  const { message, config, storeId, at } = refund;
  const { businessId } = message;
  for (const { instance, was, awardId } of withdrawn) {
    const given = { ...instance, awardId };
    const card = await books.lockCard(businessId, instance.cardId);
    const award = (await offers.findAwards(businessId, [given])).get(awardId);
    const program = config.programs.find(({ id }) => id === instance.programId);
    if (!card || !award || !program) throw new Error(`${awardId} cannot be taken back`);
    const back = takeBackAward({ instance: given, was, card, program, award, at }, ids);
    await books.write([takenBackEntry(back, { message, at, storeId }, ids)]);
  }
}
