import type { Pool, PoolClient } from 'pg';
import type { PurchaseReader, PurchaseStore } from '../../domain/earning/purchase-store.ts';
import { commandJobs } from './command-store.ts';
import { createConfigCache } from './config-cache.ts';
import { createOfferBooks } from './offer-books.ts';
import { createExceptionBooks } from './exception-books.ts';
import { loadPurchases } from './load-purchases.ts';
import { createLedgerBooks } from './ledger-books.ts';
import { inSavepoint, inTransaction, isConflict } from './pool.ts';
import { createRefundBooks } from './refund-books.ts';
import { createTierBooks } from './tier-books.ts';
import { createRewardBooks } from './reward-books.ts';
import { lockCounters, readCounters } from './statements/earning-facts.ts';
import { lockCustomers } from './statements/offers.ts';
import { lockCards, lockFreeCards, selectCards } from './statements/select-cards.ts';
import { writeSales } from './write-entries.ts';

/** The books in PostgreSQL: a batch reads, locks and writes in one transaction. */
export function createPurchaseStore(pool: Pool): PurchaseStore {
  const loadConfigs = createConfigCache();
  const locking = {
    cards: lockCards,
    cardless: lockCustomers,
    counters: lockCounters,
    loadConfigs,
  };
  const settlement = (client: PoolClient) => ({
    ...commandJobs(client),
    books: createLedgerBooks(client, loadConfigs),
    refunds: createRefundBooks(client),
    exceptions: createExceptionBooks(client),
    offers: createOfferBooks(client),
    rewards: createRewardBooks(client),
    tiers: createTierBooks(client),
  });
  return {
    async transact(work) {
      const attempt = () =>
        inTransaction(pool, (client) =>
          work({
            load: (queries) => {
              // Alone it can wait for whoever has its card; its neighbours need not wait with it.
              const ownCards = queries.length === 1 ? lockCards : lockFreeCards;
              return loadPurchases(client, queries, { ...locking, ownCards, watch: true });
            },
            write: (changes) => writeSales(client, changes),
            apart: (settle) => inSavepoint(client, () => settle(settlement(client))),
          }),
        );
      try {
        return await attempt();
      } catch (error) {
        // Two tills met the same new customer: once more, and the second finds the first's.
        if (!isConflict(error)) throw error;
        return attempt();
      }
    },
  };
}

/** The same look for those who may only read. */
export function createPurchaseReader(options: {
  pool: Pool;
  loadConfigs: ReturnType<typeof createConfigCache>;
}): PurchaseReader {
  const { pool, loadConfigs } = options;
  return {
    load: (queries) =>
      loadPurchases(pool, queries, { cards: selectCards, counters: readCounters, loadConfigs }),
  };
}
