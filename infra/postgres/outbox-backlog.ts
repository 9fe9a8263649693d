import type { Pool } from 'pg';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { fromUuid, toUuid } from './ids.ts';
import { inTransaction, type Queryable } from './pool.ts';
import { scopeOf, setScope } from './tenant.ts';

const findDue = {
  name: 'find-due-backlog',
  text: 'SELECT destination FROM app.find_due_backlog($1) AS destination',
};
const claim = {
  name: 'claim-backlog',
  text: 'SELECT id, business_id, events, attempts FROM app.claim_backlog($1, $2, $3, $4)',
};
const remove = {
  name: 'remove-backlog',
  text: 'DELETE FROM loyalty.outbox_backlog WHERE destination = $1 AND id = ANY ($2)',
};
const postpone = {
  name: 'postpone-backlog',
  text: `
    UPDATE loyalty.outbox_backlog SET due_at = clock_timestamp() + $3::interval
     WHERE destination = $1 AND id = ANY ($2)`,
};

interface Row {
  id: string;
  business_id: string;
  events: OutboxEvent[];
  attempts: number;
}

interface Kept {
  id: string;
  businessId: string;
}

/** What destinations were not given at once, as a relay sees it. */
export function createBacklog(pool: Pool) {
  /** In a transaction that sees the rows' businesses. */
  const among = (rows: readonly Kept[], work: (client: Queryable) => Promise<void>) =>
    inTransaction(pool, async (client) => {
      const businesses = new Set(rows.map((row) => toUuid(row.businessId as `biz_${string}`)));
      await client.query(setScope(scopeOf([...businesses])));
      await work(client);
    });
  const uuids = (rows: readonly Kept[]) => rows.map((row) => toUuid(row.id as `txn_${string}`));

  return {
    async findDue(destinations: readonly string[]): Promise<string[]> {
      if (destinations.length === 0) return [];
      const { rows } = await pool.query<{ destination: string }>({
        ...findDue,
        values: [destinations],
      });
      return rows.map((row) => row.destination);
    },

    async claim(
      destination: string,
      wish: { belowAttempts: number; limit: number; leaseMs: number },
    ) {
      const below = Math.min(wish.belowAttempts, MAX_INT4);
      const values = [destination, below, wish.limit, `${wish.leaseMs} ms`];
      const { rows } = await pool.query<Row>({ ...claim, values });
      return rows.map((row) => ({
        id: fromUuid('txn', row.id),
        businessId: fromUuid('biz', row.business_id),
        events: row.events,
        attempts: row.attempts,
      }));
    },

    remove: (
      destination: string,
      rows: readonly Kept[],
      deliver?: (client: Queryable) => Promise<void>,
    ) =>
      among(rows, async (client) => {
        await deliver?.(client);
        await client.query({ ...remove, values: [destination, uuids(rows)] });
      }),

    postpone: (destination: string, rows: readonly Kept[], delayMs: number) =>
      among(rows, async (client) => {
        await client.query({ ...postpone, values: [destination, uuids(rows), `${delayMs} ms`] });
      }),
  };
}

const MAX_INT4 = 2_147_483_647;
