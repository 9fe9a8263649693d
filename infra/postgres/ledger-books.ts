import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import type { createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadOpenLots, toCard } from './cards.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { touch } from './touched.ts';
import { findCardOwner } from './statements/find-card-owner.ts';
import { type CardRow, lockCards } from './statements/select-cards.ts';
import { cardRow, openCards, writeEntries } from './write-entries.ts';

const holding = ({ customerId }: { customerId: CustomerId }) => ({ card: { customerId } });

/** The books, bound to one transaction's connection. */
export function createLedgerBooks(
  client: Queryable,
  loadConfigs: ReturnType<typeof createConfigCache>,
): LedgerBooks {
  async function lock(businessId: BusinessId, customerIds: readonly CustomerId[]) {
    // Whoever changes a card without an entry of the books locks it first.
    touch(
      client,
      businessId,
      customerIds.map((customerId) => holding({ customerId })),
    );
    const wanted = customerIds
      .toSorted()
      .map((id) => ({ business_id: toUuid(businessId), customer_id: toUuid(id) }));
    const rows = await runStatement<CardRow>(client, lockCards, wanted);
    const lots = await loadOpenLots(client, rows);
    return rows.map((row) => toCard(row, lots.get(row.id) ?? []));
  }

  return {
    async loadConfig(businessId) {
      return (await loadConfigs(client, [businessId])).get(businessId);
    },
    async lockCard(businessId, cardId) {
      const wanted = { business_id: toUuid(businessId), id: toUuid(cardId) };
      const [owner] = await runStatement<{ customer_id: string; id: string }>(
        client,
        findCardOwner,
        [wanted],
      );
      if (!owner) return undefined;
      // With its neighbours, as a purchase would: two locks in one order never wait in a ring.
      const cards = await lock(businessId, [fromUuid('cus', owner.customer_id)]);
      return cards.find((card) => card.id === fromUuid('crd', owner.id));
    },
    lockCards: lock,
    async openCards(businessId, cards) {
      touch(client, businessId, cards.map(holding));
      const rows = cards.map((card) => cardRow(businessId, card));
      await openCards(client, rows);
    },
    write: (entries) => writeEntries(client, { entries, jobs: [] }),
  };
}
