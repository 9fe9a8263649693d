import { Client } from 'pg';
import { toUuid } from '../../infra/postgres/ids.ts';
import type { Shop } from './shops.ts';

/** A sale of three lines, as tills post them. */
const receipt = {
  currency: 'EUR',
  total: 1_234,
  taxIncluded: true,
  lines: [
    {
      kind: 'item',
      sku: 'LATTE',
      category: 'coffee',
      quantity: '2',
      unitPrice: 450,
      discount: 0,
      tax: 75,
    },
    {
      kind: 'item',
      sku: 'CAKE',
      category: 'pastry',
      quantity: '1',
      unitPrice: 334,
      discount: 0,
      tax: 30,
    },
    { kind: 'tip', quantity: '1', unitPrice: 100, discount: 0, tax: 0 },
  ],
  discounts: [{ amount: 100 }],
  tenders: [{ kind: 'card', amount: 1_234 }],
};

/**
 * Gives a seeded shop a past: sales spread over its cards and the last 80 days, each with a posting of
 * one unit, made by the database itself.
 */
export async function insertSales(
  ownerUrl: string,
  { shop, sales }: { shop: Shop; sales: number },
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('SET synchronous_commit = off');
    await client.query(
      `WITH card AS MATERIALIZED (
         SELECT id, program_id, customer_id, row_number() OVER (ORDER BY id) - 1 AS n
           FROM loyalty.cards WHERE business_id = $1
       ), sale AS (
         INSERT INTO loyalty.transactions (business_id, id, kind, integration, external_id,
                request_hash, store_id, customer_id, status, occurred_at, received_at,
                business_date, receipt, outcome)
         SELECT $1, gen_random_uuid(), 'purchase', 'pos', 'past-' || s, '', $2, c.customer_id,
                'recorded', at, at, at::date, $3, '{"cards": []}'
           FROM generate_series(0, $4::int - 1) AS s
           JOIN card c ON c.n = s % $5::int
          CROSS JOIN LATERAL (
            SELECT date_trunc('second', now()) - interval '80 days' + s * interval '80 days' / $4 AS at) t
         RETURNING business_id, id, customer_id, occurred_at, business_date
       )
       INSERT INTO loyalty.postings (business_id, transaction_id, ordinal, program_id, card_id,
                                     from_account, to_account, amount, occurred_at, business_date)
       SELECT s.business_id, s.id, 0, c.program_id, c.id, 'issued', 'card', 1, s.occurred_at,
              s.business_date
         FROM sale s JOIN card c ON c.customer_id = s.customer_id`,
      [toUuid(shop.businessId), toUuid(shop.storeId), JSON.stringify(receipt), sales, shop.cards],
    );
    await client.query('ANALYZE loyalty.transactions, loyalty.postings');
  } finally {
    await client.end();
  }
}
