import { Client } from 'pg';
import type { BusinessId } from '../domain/values/ids.ts';
import { toUuid } from '../infra/postgres/ids.ts';
import { rules } from './ledger-rules.ts';

export type BooksReport = {
  /** What does not hold, one line each, at most five per rule; empty when the books are right. */
  readonly faults: readonly string[];
  readonly cards: number;
  readonly transactions: number;
  readonly sales: number;
  readonly postings: number;
  readonly rewards: number;
};

export type JobCounts = {
  readonly completed: number;
  readonly declined: number;
  readonly failed: number;
};

/**
 * Recomputes the books from their postings and says what differs: balances, lots, rewards, external
 * ids, jobs, event sequences, and what the API answered. All of it sees one moment, so it may run
 * while workers commit. Without a business it checks all.
 *
 * @param ownerUrl the database as its owner, who may read everything
 */
export async function checkBooks(ownerUrl: string, businessId?: BusinessId): Promise<BooksReport> {
  const business = businessId === undefined ? null : toUuid(businessId);
  return withClient(ownerUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Tables just filled have no statistics yet, and a nested loop over all of them takes minutes.
    await client.query('SET LOCAL enable_nestloop = off');
    const faults: string[] = [];
    for (const [rule, sql] of Object.entries(rules)) {
      const { rows } = await client.query<object>(`${sql} LIMIT 5`, [business]);
      faults.push(...rows.map((row) => `${rule}: ${JSON.stringify(row)}`));
    }
    const counted = await client.query<Omit<BooksReport, 'faults'>>(countRows, [business]);
    const none = { cards: 0, transactions: 0, sales: 0, postings: 0, rewards: 0 };
    return { ...(counted.rows[0] ?? none), faults };
  });
}

/** The same as a check: @throws Error naming every fault */
export async function assertBooks(ownerUrl: string, businessId?: BusinessId): Promise<BooksReport> {
  const report = await checkBooks(ownerUrl, businessId);
  if (report.faults.length > 0)
    throw new Error(`The books are wrong:\n${report.faults.join('\n')}`);
  return report;
}

/** How many jobs of a business have ended, and how. */
export async function countEndedJobs(ownerUrl: string, businessId: BusinessId): Promise<JobCounts> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ status: keyof JobCounts; count: number }>(
      'SELECT status, count(*)::int AS count FROM loyalty.jobs WHERE business_id = $1 GROUP BY 1',
      [toUuid(businessId)],
    );
    const counts = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    return { completed: 0, declined: 0, failed: 0, ...counts };
  });
}

async function withClient<T>(ownerUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const countRows = `
  SELECT (SELECT count(*)::int FROM loyalty.cards WHERE $1::uuid IS NULL OR business_id = $1)
           AS cards,
         (SELECT count(*)::int FROM loyalty.transactions WHERE $1::uuid IS NULL OR business_id = $1)
           AS transactions,
         (SELECT count(*)::int FROM loyalty.transactions
           WHERE ($1::uuid IS NULL OR business_id = $1) AND kind = 'purchase') AS sales,
         (SELECT count(*)::int FROM loyalty.postings WHERE $1::uuid IS NULL OR business_id = $1)
           AS postings,
         (SELECT count(*)::int FROM loyalty.issued_rewards WHERE $1::uuid IS NULL OR business_id = $1)
           AS rewards`;
