import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { fromUuid, toUuid } from './ids.ts';
import { createBacklog } from './outbox-backlog.ts';
import { listen, OUTBOX_CHANNEL } from './outbox-listener.ts';
import { inTransaction, type Queryable } from './pool.ts';
import { scopeOf, setScope } from './tenant.ts';
import { endpointsTold, WEBHOOKS_CHANNEL } from './webhook-books.ts';

const claim = {
  name: 'claim-outbox',
  text: 'SELECT id, business_id, events FROM app.claim_outbox($1)',
};
const remove = { name: 'remove-outbox', text: 'DELETE FROM loyalty.outbox WHERE id = ANY($1)' };
const keep = {
  name: 'keep-for-later',
  text: `
    INSERT INTO loyalty.outbox_backlog (business_id, destination, id, events, recorded_at)
    SELECT o.business_id, l.destination, o.id, o.events, o.recorded_at
      FROM json_to_recordset($1::json) AS l (destination text, ids uuid[])
     CROSS JOIN LATERAL unnest(l.ids) AS one (id)
      JOIN loyalty.outbox o ON o.id = one.id`,
};

interface Row {
  id: string;
  business_id: string;
  events: OutboxEvent[];
}

interface OutboxRow {
  id: string;
  businessId: string;
  events: readonly OutboxEvent[];
}

interface Leftover {
  destination: string;
  rows: readonly { id: string }[];
}

interface Leaving {
  apart(work: (client: Queryable) => Promise<void>): Promise<void>;
}

/**
 * The outbox table as a relay sees it. Rows are locked while they are sent, and removed in the same
 * transaction: several relays share the work, and a dead one's rows are free at once.
 */
export function createOutbox(options: { pool: Pool; url: string; log: Logger }) {
  const listeners: (() => void)[] = [];
  const webhookListeners: ((targets: readonly EndpointTarget[]) => void)[] = [];
  const listening = listen(options, {
    [OUTBOX_CHANNEL]: () => listeners.forEach((listener) => listener()),
    [WEBHOOKS_CHANNEL]: (payload) => {
      const targets = endpointsTold(payload);
      webhookListeners.forEach((listener) => listener(targets));
    },
  });
  return {
    onNews: (listener: () => void) => void listeners.push(listener),
    /** Calls back with endpoints that were just given something to send. */
    onWebhooks: (listener: (targets: readonly EndpointTarget[]) => void) =>
      void webhookListeners.push(listener),
    drain: (
      limit: number,
      send: (rows: readonly OutboxRow[], leaving: Leaving) => Promise<readonly Leftover[]>,
    ) =>
      inTransaction(options.pool, async (client) => {
        const { rows } = await client.query<Row>({ ...claim, values: [limit] });
        if (rows.length === 0) return 0;
        await client.query(setScope(scopeOf([...new Set(rows.map((row) => row.business_id))])));
        const left = await send(rows.map(toOutboxRow), { apart: oneAtATime(client) });
        if (left.length > 0) await client.query({ ...keep, values: [toJson(left)] });
        await client.query({ ...remove, values: [rows.map((row) => row.id)] });
        return rows.length;
      }),
    backlog: createBacklog(options.pool),
    close: () => listening.close(),
  };
}

/** Savepoints within one transaction must not cross. */
function oneAtATime(client: PoolClient) {
  let last: Promise<unknown> = Promise.resolve();
  return (work: (client: Queryable) => Promise<void>): Promise<void> => {
    const next = last.then(() => apart(client, work));
    last = next.catch(() => undefined);
    return next;
  };
}

async function apart(client: PoolClient, work: (client: Queryable) => Promise<void>) {
  await client.query('SAVEPOINT apart');
  try {
    await work(client);
  } catch (error) {
    await client.query('ROLLBACK TO SAVEPOINT apart');
    throw error;
  }
  await client.query('RELEASE SAVEPOINT apart');
}

function toOutboxRow(row: Row): OutboxRow {
  return {
    id: fromUuid('txn', row.id),
    businessId: fromUuid('biz', row.business_id),
    events: row.events,
  };
}

function toJson(left: readonly Leftover[]): string {
  return JSON.stringify(
    left.map(({ destination, rows }) => ({
      destination,
      ids: rows.map((row) => toUuid(row.id as `txn_${string}`)),
    })),
  );
}
