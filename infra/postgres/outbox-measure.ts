import type { Queryable } from './pool.ts';

/** What waits to leave. */
export interface WaitingFacts {
  /** Null: no relay has taken it yet. */
  destination: string | null;
  /** Transactions whose facts wait. */
  count: number;
  /** When the oldest of them was committed, in epoch milliseconds; null when none waits. */
  oldestAt: number | null;
  /** Of the one tried most often; more than a handful in hours means that it cannot be taken. */
  mostAttempts: number;
}

interface Row {
  destination: string | null;
  facts: number;
  oldest: number | null;
  most_attempts: number;
}

/** How much waits in the outbox, and for which destination: for whoever looks after the system. */
export async function measureOutbox(pool: Queryable): Promise<WaitingFacts[]> {
  const { rows } = await pool.query<Row>('SELECT * FROM app.measure_outbox()');
  return rows.map((row) => ({
    destination: row.destination,
    count: row.facts,
    oldestAt: row.oldest,
    mostAttempts: row.most_attempts,
  }));
}
