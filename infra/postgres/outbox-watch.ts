import type { OutboxState } from '../telemetry/watch.ts';
import type { Queryable } from './pool.ts';

/** How much waits to leave, of all businesses, and since when. */
export function createOutboxWatch(pool: Queryable): () => Promise<OutboxState> {
  return async () => {
    const { rows } = await pool.query<{ waiting: number; oldest: number | null }>(
      'SELECT waiting, oldest FROM app.outbox_state()',
    );
    return { rows: rows[0]?.waiting ?? 0, oldestAt: rows[0]?.oldest ?? null };
  };
}
