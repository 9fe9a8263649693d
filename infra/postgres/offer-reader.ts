import type { Pool } from 'pg';
import { progressOf } from '../../domain/offers/feed-offers.ts';
import type { OfferTerms } from '../../domain/offers/offer.ts';
import type { BusinessId, CustomerId, Id } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import { Customer } from './models/models.ts';
import { type Fresh, toOfferInstance } from './offers.ts';
import { listOffersOfCustomer, type ListedOfferRow } from './statements/offers.ts';

/** Offers that customers received, for those who may only read. Needs the models bound. */
export function createOfferReader(options: { pool: Pool; now: () => number }) {
  return {
    async hasCustomer(businessId: BusinessId, id: CustomerId): Promise<boolean> {
      const where = { businessId: toUuid(businessId), id: toUuid(id) };
      return (await Customer.count({ where })) > 0;
    },

    async listOf(
      businessId: BusinessId,
      customerId: CustomerId,
      page: { limit: number; after: string | undefined },
    ) {
      const after = page.after === undefined ? NIL_UUID : toUuid(page.after as Id<'ofi'>);
      const { rows } = await options.pool.query<ListedOfferRow>({
        ...listOffersOfCustomer,
        values: [toUuid(businessId), toUuid(customerId), after, page.limit],
      });
      return rows.map((row) => present(row, options.now()));
    },
  };
}

const NIL_UUID = '00000000-0000-0000-0000-000000000000';

function present(row: ListedOfferRow, now: number) {
  const instance = toOfferInstance(row);
  const { completion } = instance;
  const open = instance.closesAt < now ? ('missed' as const) : ('open' as const);
  return {
    id: instance.id,
    offerId: instance.offerId,
    programId: instance.programId,
    customerId: instance.customerId,
    cardId: instance.cardId,
    status: completion ? ('completed' as const) : open,
    opensAt: new Date(instance.opensAt).toISOString(),
    closesAt: new Date(instance.closesAt).toISOString(),
    terms: instance.terms as Fresh<OfferTerms>,
    progressMinor: progressOf(instance),
    completedAt: completion && new Date(completion.at).toISOString(),
    completedBy: completion && {
      transactionId: completion.transactionId,
      externalId: row.completed_by_external_id ?? '',
    },
    awardId: row.award_id === null ? null : fromUuid('txn', row.award_id),
  };
}
