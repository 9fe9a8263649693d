import { purchaseReference } from '../../domain/offers/contribution.ts';
import type { OfferBooks, ReceiverReference } from '../../domain/offers/offer-books.ts';
import type { Receipt } from '../../domain/earning/purchase.ts';
import type { GivenReward, StandingAward } from '../../domain/offers/take-back-award.ts';
import type { ProgramId, TransactionId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadHoldings } from './refund-books.ts';
import { loadOpenLots, toCard } from './cards.ts';
import { toOffer, toOfferInstance, writeFedOffers } from './offers.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { findCustomers, type FoundCustomer } from './statements/find-customers.ts';
import * as sql from './statements/offers.ts';
import { type CardRow, lockCards } from './statements/select-cards.ts';
import { insertCards } from './statements/write-entries.ts';

/** Offers in PostgreSQL, bound to one transaction's connection. */
export function createOfferBooks(client: Queryable): OfferBooks {
  return {
    async findOffer(businessId, id) {
      const wanted = { business_id: toUuid(businessId), id: toUuid(id) };
      const [row] = await runStatement<sql.OfferRow>(client, sql.findOffers, [wanted]);
      return row && toOffer(row);
    },

    async findReceivers(businessId, references) {
      const wanted = references.map((reference, ordinal) => ({
        ordinal,
        business_id: toUuid(businessId),
        ...asLookUp(reference),
      }));
      const rows = await runStatement<FoundCustomer>(client, findCustomers, wanted);
      const found = new Map(rows.map((row) => [row.ordinal, fromUuid('cus', row.customer_id)]));
      return references.map((_, ordinal) => found.get(ordinal));
    },

    async lockReceivers(businessId, customerIds) {
      const wanted = [...new Set(customerIds)].sort().map((id) => ({
        business_id: toUuid(businessId),
        customer_id: toUuid(id),
      }));
      const rows = await lockCardsOf(client, wanted);
      const lots = await loadOpenLots(client, rows);
      return rows.map((row) => toCard(row, lots.get(row.id) ?? []));
    },

    async findGiven(businessId, integration, externalIds) {
      const wanted = [...new Set(externalIds)].map((external_id) => ({
        business_id: toUuid(businessId),
        integration,
        external_id,
      }));
      const rows = await runStatement<sql.OfferInstanceRow>(client, sql.findOffersGiven, wanted);
      return rows.map((row) => ({
        externalId: row.external_id ?? '',
        instance: toOfferInstance(row),
      }));
    },

    async findPurchases(businessId, windows) {
      const wanted = windows.map((window, ordinal) => ({
        ordinal,
        business_id: toUuid(businessId),
        customer_id: toUuid(window.customerId),
        since: toIso(window.from),
        until: toIso(window.to),
      }));
      const rows = await runStatement<sql.PastPurchaseRow>(
        client,
        sql.findPurchasesInWindow,
        wanted,
      );
      const byWindow = Map.groupBy(rows, (row) => row.ordinal);
      return windows.map((_, ordinal) => (byWindow.get(ordinal) ?? []).map(toPastPurchase));
    },

    async findFedBy(businessId, saleId) {
      const wanted = { business_id: toUuid(businessId), transaction_id: toUuid(saleId) };
      const rows = await runStatement<sql.OfferInstanceRow>(client, sql.findOffersFedBy, [wanted]);
      return rows.map(toOfferInstance);
    },

    async findAwards(businessId, instances) {
      const wanted = instances.flatMap(({ awardId, cardId }) =>
        awardId === null
          ? []
          : [{ business_id: toUuid(businessId), id: toUuid(awardId), card_id: toUuid(cardId) }],
      );
      const rows = await runStatement<sql.OfferAwardRow>(client, sql.findOfferAwards, wanted);
      const byAward = new Map<TransactionId, StandingAward>();
      for (const row of rows) {
        const awardId = fromUuid('txn', row.id);
        const cardId = instances.find((instance) => instance.awardId === awardId)?.cardId;
        const lot = cardId && row.lot_id ? { cardId, lotId: row.lot_id } : undefined;
        const holdings = lot && (await loadHoldings(client, businessId, [lot])).get(lot.cardId);
        byAward.set(awardId, {
          lot: lot && holdings ? { id: lot.lotId, holdings } : null,
          reward: toGivenReward(row),
        });
      }
      return byAward;
    },

    async open(businessId, { cards, offers, events }) {
      const business_id = toUuid(businessId);
      await runStatement(
        client,
        insertCards,
        cards.map((card) => ({
          business_id,
          id: toUuid(card.id),
          program_id: toUuid(card.programId),
          customer_id: toUuid(card.customerId),
          code: card.code,
          balance: card.balance,
          debt: card.debt,
          sequence: card.sequence,
          version_number: card.versionNumber,
        })),
      );
      await writeFedOffers(
        client,
        offers.map((offer) => ({ ...offer, businessId })),
      );
      const news = events.map(({ id, events: facts }) => ({
        id: toUuid(id),
        business_id,
        events: facts,
      }));
      await runStatement(client, sql.insertNews, news);
    },
  };
}

/**
 * Cards first, as every purchase does. Customers without one are locked themselves, and looked at
 * once more: while we waited, somebody may have opened their first card.
 */
async function lockCardsOf(
  client: Queryable,
  wanted: readonly { business_id: string; customer_id: string }[],
): Promise<CardRow[]> {
  const rows = await runStatement<CardRow>(client, lockCards, wanted);
  const holders = new Set(rows.map((row) => row.customer_id));
  const cardless = wanted.filter((key) => !holders.has(key.customer_id));
  await runStatement(client, sql.lockCustomers, cardless);
  return [...rows, ...(await runStatement<CardRow>(client, lockCards, cardless))];
}

function asLookUp(reference: ReceiverReference): { kind: string; value: string } {
  return reference.kind === 'customerId'
    ? { kind: reference.kind, value: toUuid(reference.value) }
    : reference;
}

function toGivenReward(row: sql.OfferAwardRow): GivenReward | null {
  if (row.reward_id === null || row.reward_status === null) return null;
  return {
    id: fromUuid('rwd', row.reward_id),
    name: row.reward_name ?? '',
    version: row.reward_version ?? 0,
    status: row.reward_status,
    expiresAt: row.reward_expires_at,
  };
}

function toPastPurchase(row: sql.PastPurchaseRow) {
  return {
    id: fromUuid('txn', row.id),
    reference: purchaseReference({ integration: row.integration, externalId: row.external_id }),
    occurredAt: row.occurred_at,
    storeId: fromUuid('sto', row.store_id),
    // As the edge parsed it when it was posted.
    receipt: row.receipt as Receipt,
    blockedPrograms: (row.blocked_programs ?? []) as ProgramId[],
    refunds: row.refunds ?? [],
  };
}
