import type { OutboxEvent } from '../../queues/events/events.ts';
import { webhookTypes } from '../../queues/events/events.ts';
import { webhookBody } from '../../queues/events/webhook-body.ts';
import { GIVE_UP_MS } from '../../domain/webhooks/retry.ts';
import type { Id, IdKind } from '../../domain/values/ids.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { tellOfWebhooks } from './webhook-books.ts';

interface Endpoint {
  business_id: string;
  id: string;
  types: string[] | null;
  status: 'active' | 'disabled';
}

const findEndpoints = {
  name: 'find-webhook-endpoints',
  text: `
    SELECT business_id, id, types, status FROM business.webhook_endpoints
     WHERE business_id = ANY ($1) AND status <> 'removed'`,
};
// Nothing is sent to a disabled endpoint, but all of it can be replayed.
const addDeliveries = {
  name: 'add-webhook-deliveries',
  text: `
    INSERT INTO business.webhook_deliveries
      (business_id, endpoint_id, id, type, body, status, failure, due_at, give_up_at, created_at, finished_at,
       traceparent)
    SELECT d.business_id, d.endpoint_id, d.id, d.type, d.body,
           CASE WHEN d.is_active THEN 'pending' ELSE 'failed' END,
           CASE WHEN NOT d.is_active THEN 'endpoint-disabled' END,
           CASE WHEN d.is_active THEN $2::timestamptz END,
           $3, $2, CASE WHEN NOT d.is_active THEN $2::timestamptz END, d.traceparent
      FROM json_to_recordset($1::json) AS d
             (business_id uuid, endpoint_id uuid, id uuid, type text, body text, is_active boolean,
              traceparent text)
    ON CONFLICT DO NOTHING`,
};

const sendable: ReadonlySet<string> = new Set(webhookTypes);
const uuidOf = (id: string) => toUuid(id as Id<IdKind>);

/**
 * Writes down what each endpoint is to be told, in the transaction in which the events leave the
 * outbox: each event once for each endpoint. Businesses without endpoints cost a look-up.
 */
export function createWebhookDestination(now: () => number) {
  return {
    name: 'webhooks',
    transactional: true,
    wants: (event: OutboxEvent) => sendable.has(event.type),
    async deliver(
      rows: readonly { businessId: string; events: readonly OutboxEvent[] }[],
      { client }: { client: Queryable },
    ): Promise<void> {
      const businesses = [...new Set(rows.map((row) => uuidOf(row.businessId)))];
      const found = await client.query<Endpoint>({ ...findEndpoints, values: [businesses] });
      if (found.rows.length === 0) return;
      const deliveries = rows.flatMap((row) => deliveriesOf(row, found.rows));
      if (deliveries.length === 0) return;
      const at = now();
      const values = [JSON.stringify(deliveries), new Date(at), new Date(at + GIVE_UP_MS)];
      await client.query({ ...addDeliveries, values });
      const told = deliveries.map((d) => [d.endpoint_id, [d.business_id, d.endpoint_id]] as const);
      await tellOfWebhooks(client, [...new Map(told).values()] as [string, string][]);
    },
  } as const;
}

function deliveriesOf(
  row: { businessId: string; events: readonly OutboxEvent[] },
  endpoints: readonly Endpoint[],
) {
  const business_id = uuidOf(row.businessId);
  const own = endpoints.filter((endpoint) => endpoint.business_id === business_id);
  return row.events.flatMap((event) => {
    const told = own.filter(({ types }) => types === null || types.includes(event.type));
    if (told.length === 0) return [];
    const body = webhookBody(event);
    const { id, type } = { id: uuidOf(event.id), type: event.type };
    return told.map((endpoint) => ({
      business_id,
      endpoint_id: endpoint.id,
      id,
      type,
      body,
      is_active: endpoint.status === 'active',
      ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
    }));
  });
}
