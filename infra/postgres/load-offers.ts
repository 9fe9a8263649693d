import type { PurchaseQuery } from '../../domain/earning/purchase-store.ts';
import type { OfferInstance } from '../../domain/offers/offer.ts';
import type { CustomerId } from '../../domain/values/ids.ts';
import type { Configs } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { toOfferInstance } from './offers.ts';
import type { Queryable } from './pool.ts';
import { runStatement, type Statement } from './statement.ts';
import { findOffersInWindow, type OfferInstanceRow } from './statements/offers.ts';
import type { CardRow } from './statements/select-cards.ts';

export interface LockStatements {
  /** How cards are read: locked, or only looked at. */
  cards: Statement;
  /** How customers without a card are locked; absent where nothing is. */
  cardless?: Statement;
}

interface Batch {
  queries: readonly PurchaseQuery[];
  customerIds: ReadonlyMap<number, CustomerId>;
  cardRows: CardRow[];
  configs: Configs;
}

/** Whom to look for, and between which of their sales. */
interface Wanted {
  business_id: string;
  customer_id: string;
  since: number;
  until: number;
}

/**
 * Offers of the batch's customers, one statement, and only for businesses that give any. Nobody can
 * open one for a customer while we hold a lock on a card of theirs; for customers without a card we
 * lock the customer. Cards that were opened while we waited are read again.
 */
export async function loadOffers(
  client: Queryable,
  batch: Batch,
  options: LockStatements,
): Promise<{ cardRows: CardRow[]; offers: OfferInstance[] }> {
  const wanted = wantedOffers(batch);
  if (wanted.length === 0) return { cardRows: batch.cardRows, offers: [] };
  const opened = await lockCardless(client, { wanted, cardRows: batch.cardRows }, options);
  const rows = await runStatement<OfferInstanceRow>(
    client,
    findOffersInWindow,
    wanted.map(({ since, until, ...key }) => ({
      ...key,
      since: new Date(since).toISOString(),
      until: new Date(until).toISOString(),
    })),
  );
  const cardRows = await withCardsOf(
    client,
    { rows, cardRows: [...batch.cardRows, ...opened] },
    options,
  );
  return { cardRows, offers: rows.map(toOfferInstance) };
}

function wantedOffers({ queries, customerIds, configs }: Batch): Wanted[] {
  const wanted = new Map<CustomerId, Wanted>();
  for (const [ordinal, customerId] of customerIds) {
    const query = queries[ordinal];
    if (!query || !configs.get(query.businessId)?.hasOffers) continue;
    const { occurredAt } = query;
    const known = wanted.get(customerId);
    wanted.set(customerId, {
      business_id: toUuid(query.businessId),
      customer_id: toUuid(customerId),
      since: Math.min(known?.since ?? occurredAt, occurredAt),
      until: Math.max(known?.until ?? occurredAt, occurredAt),
    });
  }
  return [...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** @returns cards that were opened before we had the lock */
async function lockCardless(
  client: Queryable,
  { wanted, cardRows }: { wanted: readonly Wanted[]; cardRows: readonly CardRow[] },
  { cardless, cards }: LockStatements,
): Promise<CardRow[]> {
  if (!cardless) return [];
  const holders = new Set(cardRows.map((row) => row.customer_id));
  const without = wanted
    .filter((key) => !holders.has(key.customer_id))
    .map(({ business_id, customer_id }) => ({ business_id, customer_id }));
  if (without.length === 0) return [];
  await runStatement(client, cardless, without);
  return runStatement<CardRow>(client, cards, without);
}

/** An offer may lie on a card that was opened while we waited for the customer's others. */
async function withCardsOf(
  client: Queryable,
  { rows, cardRows }: { rows: readonly OfferInstanceRow[]; cardRows: CardRow[] },
  { cards }: LockStatements,
): Promise<CardRow[]> {
  const known = new Set(cardRows.map((row) => row.id));
  const missed = rows.filter((row) => !known.has(row.card_id));
  if (missed.length === 0) return cardRows;
  const customers = new Map(
    missed.map(({ business_id, customer_id }) => [customer_id, { business_id, customer_id }]),
  );
  // In id order, as they are locked everywhere.
  const wanted = [...customers.values()].sort((a, b) =>
    fromUuid('cus', a.customer_id) < fromUuid('cus', b.customer_id) ? -1 : 1,
  );
  const again = await runStatement<CardRow>(client, cards, wanted);
  return [...cardRows.filter((row) => !customers.has(row.customer_id)), ...again];
}
