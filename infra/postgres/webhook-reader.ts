import type { Pool } from 'pg';
import type { BusinessId, EventId, WebhookEndpointId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';

interface Attempt {
  at: string;
  status: number | null;
  failure: string | null;
  latencyMs: number;
  answer: string;
}

interface Row {
  id: string;
  type: string;
  status: 'pending' | 'delivered' | 'failed';
  failure: string | null;
  tries: number;
  created_at: number;
  due_at: number | null;
  finished_at: number | null;
}

const columns = 'id, type, status, failure, tries, created_at, due_at, finished_at';

/** Webhooks on their way, for those who may only read. */
export function createWebhookReader(pool: Pool) {
  async function exists(businessId: BusinessId, endpointId: WebhookEndpointId): Promise<boolean> {
    const { rowCount } = await pool.query(
      'SELECT FROM business.webhook_endpoints WHERE business_id = $1 AND id = $2',
      [toUuid(businessId), toUuid(endpointId)],
    );
    return rowCount === 1;
  }

  return {
    async list(
      businessId: BusinessId,
      endpointId: WebhookEndpointId,
      page: {
        limit: number;
        after: string | undefined;
        status: Row['status'] | undefined;
        type: string | undefined;
      },
    ) {
      const { rows } = await pool.query<Row & { last_attempt: Attempt | null }>({
        name: 'list-webhook-deliveries',
        text: `
          SELECT ${columns}, attempts -> -1 AS last_attempt FROM business.webhook_deliveries
           WHERE business_id = $1 AND endpoint_id = $2 AND ($3::uuid IS NULL OR id < $3)
             AND ($4::text IS NULL OR status = $4) AND ($5::text IS NULL OR type = $5)
           ORDER BY id DESC LIMIT $6`,
        values: [
          toUuid(businessId),
          toUuid(endpointId),
          page.after === undefined ? null : toUuid(page.after as EventId),
          page.status ?? null,
          page.type ?? null,
          page.limit,
        ],
      });
      if (rows.length === 0 && !(await exists(businessId, endpointId))) return undefined;
      return rows.map((row) => ({ ...toView(row), lastAttempt: row.last_attempt }));
    },

    async find(businessId: BusinessId, endpointId: WebhookEndpointId, id: EventId) {
      const { rows } = await pool.query<Row & { attempts: Attempt[]; body: string }>({
        name: 'find-webhook-delivery',
        text: `
          SELECT ${columns}, attempts, body FROM business.webhook_deliveries
           WHERE business_id = $1 AND endpoint_id = $2 AND id = $3`,
        values: [toUuid(businessId), toUuid(endpointId), toUuid(id)],
      });
      const [row] = rows;
      return row && { ...toView(row), attempts: row.attempts, body: row.body };
    },
  };
}

interface EndpointRow {
  id: string;
  revision: number;
  created_at: number;
  updated_at: number;
  name: string;
  url: string;
  types: string[] | null;
  status: 'active' | 'disabled' | 'removed';
  disabled_reason: 'staff' | 'gone' | 'failing' | null;
  disabled_at: number | null;
  failing_since: number | null;
  rotated_at: number | null;
  previous_until: number | null;
}

// Not the secrets.
const endpointColumns = `id, revision, created_at, updated_at, name, url, types, status, disabled_reason,
  disabled_at, failing_since, rotated_at, previous_until`;

/** Endpoints, for those who may only read. One that was removed can be found, and is in no list. */
export function createEndpointReader(pool: Pool) {
  return {
    async find(businessId: BusinessId, id: string) {
      const { rows } = await pool.query<EndpointRow>({
        name: 'find-webhook-endpoint',
        text: `SELECT ${endpointColumns} FROM business.webhook_endpoints
                WHERE business_id = $1 AND id = $2`,
        values: [toUuid(businessId), toUuid(id as WebhookEndpointId)],
      });
      return rows[0] && toEndpointView(rows[0]);
    },

    async list(businessId: BusinessId, page: { limit: number; after: string | undefined }) {
      const after = page.after === undefined ? null : toUuid(page.after as WebhookEndpointId);
      const { rows } = await pool.query<EndpointRow>({
        name: 'list-webhook-endpoints',
        text: `SELECT ${endpointColumns} FROM business.webhook_endpoints
                WHERE business_id = $1 AND status <> 'removed' AND ($2::uuid IS NULL OR id > $2)
                ORDER BY id LIMIT $3`,
        values: [toUuid(businessId), after, page.limit],
      });
      return rows.map(toEndpointView);
    },
  };
}

function toEndpointView(row: EndpointRow) {
  return {
    id: fromUuid('whe', row.id),
    revision: row.revision,
    createdAt: toIso(row.created_at),
    updatedAt: toIso(row.updated_at),
    name: row.name,
    url: row.url,
    types: row.types,
    status: row.status,
    disabledReason: row.disabled_reason,
    disabledAt: timeOrNull(row.disabled_at),
    failingSince: timeOrNull(row.failing_since),
    secretRotatedAt: timeOrNull(row.rotated_at),
    previousSecretUntil: timeOrNull(row.previous_until),
  };
}

const timeOrNull = (instant: number | null) => (instant === null ? null : toIso(instant));

function toView(row: Row) {
  return {
    id: fromUuid('evt', row.id),
    type: row.type,
    status: row.status,
    failure: row.failure,
    tries: row.tries,
    createdAt: toIso(row.created_at),
    dueAt: timeOrNull(row.due_at),
    finishedAt: timeOrNull(row.finished_at),
  };
}
