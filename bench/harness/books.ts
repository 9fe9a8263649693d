import { Client } from 'pg';

/** How many purchases of a run are in the books. */
export async function countPurchases(postgresUrl: string, runId: string): Promise<number> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    const result = await client.query<{ count: string }>(
      `SELECT count(*) FROM loyalty.transactions t
        WHERE business_id IN (SELECT id FROM business.businesses)
          AND integration = 'pos' AND kind = 'purchase'
          AND external_id >= $1 || '-' AND external_id < $1 || '.'`,
      [runId],
    );
    return Number(result.rows[0]?.count);
  } finally {
    await client.end();
  }
}
