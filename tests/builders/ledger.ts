import { Client } from 'pg';
import type { BusinessId, CustomerId, StoreId } from '../../domain/values/ids.ts';
import type { BusinessDate } from '../../domain/values/time.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';

/** A sale as it lies in the books, as far as figures are made from it. */
export type BookedSale = {
  readonly storeId: StoreId;
  readonly customerId: CustomerId | null;
  /** RFC 3339 */
  readonly occurredAt: string;
  readonly businessDate: BusinessDate;
  readonly currency: string;
  readonly total: number;
};

const PAGE = 10_000;

/**
 * Puts sales into the books without judging them, tens of thousands in seconds: for what is made from
 * the books, and asks nothing of what they earned.
 */
export async function bookSales(
  ownerUrl: string,
  businessId: BusinessId,
  sales: readonly BookedSale[],
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    for (let i = 0; i < sales.length; i += PAGE) {
      const rows = sales.slice(i, i + PAGE).map((sale, n) => ({
        id: toUuid(idSource.id('txn')),
        external_id: String(i + n + 1),
        store_id: toUuid(sale.storeId),
        customer_id: sale.customerId && toUuid(sale.customerId),
        occurred_at: sale.occurredAt,
        business_date: sale.businessDate,
        receipt: { currency: sale.currency, total: sale.total },
      }));
      await client.query(
        `INSERT INTO loyalty.transactions
                (business_id, id, kind, integration, external_id, request_hash, store_id,
                 customer_id, status, occurred_at, received_at, business_date, receipt, outcome)
         SELECT $1, id, 'purchase', 'history', external_id, '', store_id, customer_id, 'recorded',
                occurred_at, occurred_at, business_date, receipt, '{}'
           FROM json_to_recordset($2::json)
             AS r (id uuid, external_id text, store_id uuid, customer_id uuid,
                   occurred_at timestamptz, business_date date, receipt json)`,
        [toUuid(businessId), JSON.stringify(rows)],
      );
    }
  } finally {
    await client.end();
  }
}
