import type { PoolClient } from 'pg';
import type { EndpointTarget, WebhookBooks } from '../../domain/webhooks/webhook-books.ts';
import { GIVE_UP_MS } from '../../domain/webhooks/retry.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { toIso } from '../../domain/values/time.ts';

/** The channel that tells of endpoints with something to send: one `business endpoint` a line. */
export const WEBHOOKS_CHANNEL = 'webhooks';
/** PostgreSQL takes 8,000 bytes; whoever is left out is found by polling. */
const TOLD_AT_ONCE = 100;

const hold = {
  name: 'hold-webhooks',
  text: `
    UPDATE business.webhook_deliveries
       SET status = 'failed', failure = 'endpoint-disabled', due_at = NULL, finished_at = $3
     WHERE business_id = $1 AND endpoint_id = $2 AND due_at IS NOT NULL`,
};
const RESENT = `status = 'pending', failure = NULL, tries = 0, finished_at = NULL`;

/** Deliveries as commands change them, on one transaction's connection. */
export function createWebhookBooks(client: PoolClient): WebhookBooks {
  return {
    async add({ businessId, endpointId }, { id, type, body }, at) {
      const uuids = [toUuid(businessId), toUuid(endpointId)] as const;
      await client.query(
        `INSERT INTO business.webhook_deliveries
           (business_id, endpoint_id, id, type, body, due_at, give_up_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6)`,
        [...uuids, toUuid(id), type, body, toIso(at), toIso(at + GIVE_UP_MS)],
      );
      await tellOfWebhooks(client, [uuids]);
    },

    async hold({ businessId, endpointId }, at) {
      await client.query({ ...hold, values: [toUuid(businessId), toUuid(endpointId), toIso(at)] });
    },

    async resend({ businessId, endpointId }, of, at) {
      const uuids = [toUuid(businessId), toUuid(endpointId)] as const;
      const values = [...uuids, toIso(at), toIso(at + GIVE_UP_MS)];
      const [which, more] =
        'id' in of
          ? ['id = $5', [toUuid(of.id)]]
          : [
              `created_at >= $5 AND ($6 = 'all' OR status <> 'delivered')`,
              [toIso(of.since), of.only],
            ];
      const { rowCount } = await client.query(
        `UPDATE business.webhook_deliveries SET ${RESENT}, due_at = $3, give_up_at = $4
          WHERE business_id = $1 AND endpoint_id = $2 AND ${which}`,
        [...values, ...more],
      );
      if (rowCount) await tellOfWebhooks(client, [uuids]);
      return rowCount ?? 0;
    },

    async forget(businessId, before, limit) {
      const { rowCount } = await client.query(
        `DELETE FROM business.webhook_deliveries d
          USING (SELECT endpoint_id, id FROM business.webhook_deliveries
                  WHERE business_id = $1 AND created_at < $2 AND due_at IS NULL LIMIT $3) old
          WHERE d.business_id = $1 AND d.endpoint_id = old.endpoint_id AND d.id = old.id`,
        [toUuid(businessId), toIso(before), limit],
      );
      return rowCount ?? 0;
    },
  };
}

/** Has whoever sends webhooks told, when the transaction commits, where there is something to send. */
export async function tellOfWebhooks(
  client: Queryable,
  endpoints: readonly (readonly [businessUuid: string, endpointUuid: string])[],
): Promise<void> {
  const told = endpoints.slice(0, TOLD_AT_ONCE).map((uuids) => uuids.join(' '));
  await client.query({
    name: 'tell-of-webhooks',
    text: `SELECT pg_notify('${WEBHOOKS_CHANNEL}', $1)`,
    values: [told.join('\n')],
  });
}

/** What was told: see `tellOfWebhooks`. */
export function endpointsTold(payload: string): EndpointTarget[] {
  return payload.split('\n').flatMap((line) => {
    const [business, endpoint] = line.split(' ');
    if (!business || !endpoint) return [];
    return { businessId: fromUuid('biz', business), endpointId: fromUuid('whe', endpoint) };
  });
}
