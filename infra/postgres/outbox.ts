import { Client, type Pool } from 'pg';
import type { Logger } from 'pino';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { fromUuid } from './ids.ts';
import { inTransaction } from './pool.ts';
import { scopeOf, setScope } from './tenant.ts';

/** The channel that a commit with new facts notifies. */
export const OUTBOX_CHANNEL = 'outbox';

const claim = {
  name: 'claim-outbox',
  text: 'SELECT id, business_id, events FROM app.claim_outbox($1)',
};
const remove = { name: 'remove-outbox', text: 'DELETE FROM loyalty.outbox WHERE id = ANY($1)' };

interface Row {
  id: string;
  business_id: string;
  events: OutboxEvent[];
}

/**
 * The outbox table as a relay sees it. Rows are locked while they are sent, and removed in the same
 * transaction: several relays share the work, and a dead one's rows are free at once.
 */
export function createOutbox(options: { pool: Pool; url: string; log: Logger }) {
  const listeners: (() => void)[] = [];
  const listening = listen(options, () => listeners.forEach((listener) => listener()));
  return {
    onNews: (listener: () => void) => void listeners.push(listener),
    drain: (
      limit: number,
      send: (
        rows: { id: string; businessId: string; events: readonly OutboxEvent[] }[],
      ) => Promise<void>,
    ) =>
      inTransaction(options.pool, async (client) => {
        const { rows } = await client.query<Row>({ ...claim, values: [limit] });
        if (rows.length === 0) return 0;
        await send(
          rows.map((row) => ({
            id: fromUuid('txn', row.id),
            businessId: fromUuid('biz', row.business_id),
            events: row.events,
          })),
        );
        await client.query(setScope(scopeOf([...new Set(rows.map((row) => row.business_id))])));
        await client.query({ ...remove, values: [rows.map((row) => row.id)] });
        return rows.length;
      }),
    close: () => listening.close(),
  };
}

const RECONNECT_MS = 1_000;

/** Keeps one connection that listens; while it is away the relay's own polling carries on. */
function listen(options: { url: string; log: Logger }, onNews: () => void) {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function retry(): void {
    client = undefined;
    if (!closed) timer ??= setTimeout(connect, RECONNECT_MS);
  }

  function connect(): void {
    timer = undefined;
    const next = new Client({
      connectionString: options.url,
      application_name: 'relay-listen',
      keepAlive: true,
    });
    client = next;
    next.on('error', (error) => options.log.warn({ reason: error.message }, 'listener lost'));
    next.on('end', retry);
    next.on('notification', onNews);
    next
      .connect()
      .then(() => next.query(`LISTEN ${OUTBOX_CHANNEL}`))
      .then(onNews, (error: unknown) => {
        options.log.warn({ err: error }, 'cannot listen');
        retry();
      });
  }
  connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
