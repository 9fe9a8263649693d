import type {
  Contribution,
  Offer,
  OfferFeeding,
  OfferInstance,
} from '../../domain/offers/offer.ts';
import type { OfferOrigin } from '../../domain/offers/offer-books.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { type OfferInstanceRow, type OfferRow, writeOffers } from './statements/offers.ts';

/** A document just read from its column: nobody else holds it. */
export type Fresh<T> = T extends readonly (infer Item)[]
  ? Fresh<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Fresh<T[Key]> }
    : T;

/** An offer's row as the domain sees it. */
export function toOffer(row: OfferRow): Offer {
  return {
    id: fromUuid('ofr', row.id),
    programId: fromUuid('prg', row.program_id),
    status: row.status,
    endedAt: row.ended_at,
    terms: {
      name: row.name,
      kind: row.kind,
      thresholdMinor: row.threshold_minor,
      windowHours: row.window_hours,
      benefit: row.benefit,
    },
  };
}

/** A given offer's row as the domain sees it. */
export function toOfferInstance(row: OfferInstanceRow): OfferInstance {
  return {
    id: fromUuid('ofi', row.id),
    offerId: fromUuid('ofr', row.offer_id),
    programId: fromUuid('prg', row.program_id),
    customerId: fromUuid('cus', row.customer_id),
    cardId: fromUuid('crd', row.card_id),
    terms: row.terms,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    contributions: row.contributions.map(([id, reference, occurredAt, amountMinor]) => ({
      transactionId: fromUuid('txn', id),
      reference,
      occurredAt,
      amountMinor,
    })),
    completion:
      row.completed_by === null || row.completed_at === null
        ? null
        : { transactionId: fromUuid('txn', row.completed_by), at: row.completed_at },
    awardId: row.award_id === null ? null : fromUuid('txn', row.award_id),
    awards: row.awards,
    version: row.version,
  };
}

/** An offer to be written, with who gave it if it is opened now. */
export type WrittenOffer = OfferFeeding & {
  businessId: BusinessId;
  origin?: OfferOrigin | null;
};

/**
 * Writes where offers stand. Several entries of a batch may feed one: it is written once, as the
 * last left it, with the contributions of all.
 * @throws Error when an offer was written by somebody else since it was read
 */
export async function writeFedOffers(
  client: Queryable,
  offers: readonly WrittenOffer[],
): Promise<void> {
  const last = new Map<string, { written: WrittenOffer; all: Map<string, Contribution> }>();
  for (const offer of offers) {
    const known = last.get(offer.instance.id);
    const all = known?.all ?? new Map<string, Contribution>();
    for (const contribution of offer.contributions)
      all.set(contribution.transactionId, contribution);
    const isNew = offer.isNew || (known?.written.isNew ?? false);
    last.set(offer.instance.id, { written: { ...offer, isNew }, all });
  }
  const rows = [...last.values()].map(({ written, all }) => offerRow(written, [...all.values()]));
  const done = await runStatement(client, writeOffers, rows);
  if (done.length !== rows.length) throw new Error('an offer was written meanwhile');
}

function offerRow(written: WrittenOffer, contributions: readonly Contribution[]) {
  const { instance, isNew, businessId, origin } = written;
  const { completion } = instance;
  const opening = isNew && {
    offer_id: toUuid(instance.offerId),
    program_id: toUuid(instance.programId),
    customer_id: toUuid(instance.customerId),
    card_id: toUuid(instance.cardId),
    terms: instance.terms,
    opens_at: toIso(instance.opensAt),
    closes_at: toIso(instance.closesAt),
    integration: origin?.integration,
    external_id: origin?.externalId,
  };
  return {
    business_id: toUuid(businessId),
    id: toUuid(instance.id),
    is_new: isNew,
    ...opening,
    completed_by: completion && toUuid(completion.transactionId),
    completed_at: completion && toIso(completion.at),
    award_id: instance.awardId && toUuid(instance.awardId),
    awards: instance.awards,
    version: instance.version,
    contributions: contributions.map((contribution) => ({
      transaction_id: toUuid(contribution.transactionId),
      occurred_at: toIso(contribution.occurredAt),
      reference: contribution.reference,
      amount_minor: contribution.amountMinor,
    })),
  };
}
