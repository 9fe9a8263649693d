import type { Receipts, UnclaimedSale } from '../../domain/customers/receipts.ts';
import type { createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadPurchases } from './load-purchases.ts';
import type { Queryable } from './pool.ts';
import { lockCounters } from './statements/earning-facts.ts';
import { lockCustomers } from './statements/offers.ts';
import { lockCards } from './statements/select-cards.ts';

interface SaleRow {
  id: string;
  external_id: string;
  store_id: string;
  status: 'recorded' | 'review';
  occurred_at: number;
  received_at: number;
  receipt: object;
  kinds: string[];
}

const select = `
    SELECT t.id, t.external_id, t.store_id, t.status, t.occurred_at, t.received_at, t.receipt,
           ARRAY(SELECT o.kind FROM loyalty.transactions o
                  WHERE o.business_id = t.business_id AND o.original_id = t.id) AS kinds
      FROM loyalty.transactions t`;

const findByClaimCode = {
  name: 'find-by-claim-code',
  text: `${select} WHERE t.business_id = $1 AND t.claim_code = $2`,
};

const findById = {
  name: 'find-receipt-by-id',
  text: `${select} WHERE t.business_id = $1 AND t.id = $2 AND t.kind = 'purchase'`,
};

/** Receipts, bound to one transaction's connection. */
export function createReceipts(
  client: Queryable,
  loadConfigs: ReturnType<typeof createConfigCache>,
): Receipts {
  async function find(
    query: { name: string; text: string },
    values: string[],
  ): Promise<UnclaimedSale | undefined> {
    const { rows } = await client.query<SaleRow>({ ...query, values });
    return rows[0] && toSale(rows[0]);
  }
  return {
    findByClaimCode: (businessId, claimCode) =>
      find(findByClaimCode, [toUuid(businessId), claimCode]),
    findById: (businessId, id) => find(findById, [toUuid(businessId), toUuid(id)]),
    load: (queries) =>
      loadPurchases(client, queries, {
        cards: lockCards,
        cardless: lockCustomers,
        counters: lockCounters,
        loadConfigs,
      }),
  };
}

function toSale(row: SaleRow): UnclaimedSale {
  return {
    id: fromUuid('txn', row.id),
    externalId: row.external_id,
    storeId: fromUuid('sto', row.store_id),
    status: row.status,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    receipt: row.receipt,
    isClaimed: row.kinds.includes('claim'),
    isRefunded: row.kinds.includes('refund'),
  };
}
