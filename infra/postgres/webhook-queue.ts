import type { Pool } from 'pg';
import type { IdSource } from '../../domain/values/ids.ts';
import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { groupCommit } from '../batching/group-commit.ts';
import { createFacts } from './facts.ts';
import { fromUuid, toUuid } from './ids.ts';
import { inTransaction } from './pool.ts';
import { inBusinesses } from './tenant.ts';
import { createWebhookBooks } from './webhook-books.ts';
import { raiseConfigRevision } from './records.ts';

/** An endpoint that something is to be sent to. */
export interface OpenEndpoint {
  url: string;
  /** Sealed; the newest first. */
  secrets: string[];
  failingSince: number | null;
}

/** A delivery whose time has come. */
export interface DueDelivery {
  id: `evt_${string}`;
  body: string;
  tries: number;
  giveUpAt: number;
  /** W3C trace context of what it tells of, where that was known. */
  traceparent: string | null;
}

/** What became of one after a try. */
export interface Settlement {
  target: EndpointTarget;
  id: DueDelivery['id'];
  /** Those before this one. */
  tries: number;
  status: 'delivered' | 'pending' | 'failed';
  failure: string | null;
  dueAt: number | null;
  at: number;
  /** As the deliveries' page shows it. */
  attempt: object;
}

const ATTEMPTS_KEPT = 20;
const SETTLED_AT_ONCE = 200;
/** Nobody waits for a delivery to be written down but whoever looks at its page. */
const SETTLED_WITHIN_MS = 10;

const openStatement = {
  name: 'open-webhook-endpoint',
  text: `
    SELECT url, secret, CASE WHEN previous_until > $3 THEN previous_secret END AS previous_secret,
           failing_since
      FROM business.webhook_endpoints
     WHERE business_id = $1 AND id = $2 AND status = 'active'`,
};
// Who became due at the same instant, as by a replay, comes in whatever order the index has them: sorted by
// their ids as well, all of them would be read for each hundred that are sent.
const dueStatement = {
  name: 'find-due-deliveries',
  text: `
    SELECT id, body, tries, give_up_at, traceparent FROM business.webhook_deliveries
     WHERE business_id = $1 AND endpoint_id = $2 AND due_at <= $3
     ORDER BY due_at LIMIT $4`,
};
// One that came to another end meanwhile, such as that its endpoint was disabled, stays as it is; and
// one that is to be sent again since then is not put off because a try before that has failed. Pending, and
// not `due_at IS NOT NULL`, which is the same: for that PostgreSQL would take the index of what is due, and
// walk all that waits for an endpoint to find each one.
const settleStatement = {
  name: 'settle-deliveries',
  text: `
    UPDATE business.webhook_deliveries d
       SET status = s.status, failure = s.failure, due_at = s.due_at, tries = d.tries + 1,
           finished_at = CASE WHEN s.due_at IS NULL THEN s.at END,
           attempts = CASE WHEN jsonb_array_length(d.attempts) < ${ATTEMPTS_KEPT} THEN d.attempts
                           ELSE d.attempts - 0 END || s.attempt
      FROM json_to_recordset($1::json) AS s
             (business_id uuid, endpoint_id uuid, id uuid, tries int, status text, failure text,
              due_at timestamptz, at timestamptz, attempt jsonb)
     WHERE d.business_id = s.business_id AND d.endpoint_id = s.endpoint_id AND d.id = s.id
       AND d.status = 'pending' AND (s.status = 'delivered' OR d.tries >= s.tries)`,
};

const time = (instant: number | null) =>
  instant === null ? null : new Date(instant).toISOString();
const uuidsOf = ({ businessId, endpointId }: EndpointTarget) =>
  [toUuid(businessId), toUuid(endpointId)] as const;

/** Deliveries as whoever sends them sees them: what is due, and what became of it. */
export function createWebhookQueue(pool: Pool, ids: IdSource) {
  const settle = groupCommit<Settlement, true>(
    async (settlements) => {
      await inBusinesses(
        settlements.map(({ target }) => target.businessId),
        () => pool.query({ ...settleStatement, values: [JSON.stringify(settlements.map(toRow))] }),
      );
      return settlements.map(() => true);
    },
    { maxItems: SETTLED_AT_ONCE, gatherMs: SETTLED_WITHIN_MS },
  );

  return {
    /** The endpoints with something due, whoever's. */
    async findDue(at: number, limit: number): Promise<EndpointTarget[]> {
      const { rows } = await pool.query<{ business_id: string; endpoint_id: string }>({
        name: 'find-due-webhooks',
        text: 'SELECT business_id, endpoint_id FROM app.find_due_webhooks($1, $2)',
        values: [time(at), limit],
      });
      return rows.map((row) => ({
        businessId: fromUuid('biz', row.business_id),
        endpointId: fromUuid('whe', row.endpoint_id),
      }));
    },

    /** Undefined for one that nothing is sent to. */
    open: (target: EndpointTarget, at: number): Promise<OpenEndpoint | undefined> =>
      inBusinesses([target.businessId], async () => {
        const { rows } = await pool.query<{
          url: string;
          secret: string;
          previous_secret: string | null;
          failing_since: number | null;
        }>({ ...openStatement, values: [...uuidsOf(target), time(at)] });
        const [row] = rows;
        if (!row) return undefined;
        const { url, secret, previous_secret: previous, failing_since: failingSince } = row;
        return { url, secrets: previous === null ? [secret] : [secret, previous], failingSince };
      }),

    /** The longest due first. */
    due: (target: EndpointTarget, at: number, limit: number): Promise<DueDelivery[]> =>
      inBusinesses([target.businessId], async () => {
        const { rows } = await pool.query<{
          id: string;
          body: string;
          tries: number;
          give_up_at: number;
          traceparent: string | null;
        }>({ ...dueStatement, values: [...uuidsOf(target), time(at), limit] });
        return rows.map(({ id, body, tries, give_up_at: giveUpAt, traceparent }) => ({
          id: fromUuid('evt', id),
          body,
          tries,
          giveUpAt,
          traceparent,
        }));
      }),

    /** Writes down what became of a delivery; many of one moment go to the database as one. */
    async settle(settlement: Settlement): Promise<void> {
      await settle(settlement);
    },

    /** Notes since when nothing arrives, or that something does again. */
    noteHealth: (target: EndpointTarget, failingSince: number | null): Promise<void> =>
      inBusinesses([target.businessId], async () => {
        await pool.query(
          `UPDATE business.webhook_endpoints SET failing_since = $3
            WHERE business_id = $1 AND id = $2 AND (failing_since IS NULL) <> ($3::timestamptz IS NULL)`,
          [...uuidsOf(target), time(failingSince)],
        );
      }),

    /** Shows what ought to have come to its end as failed: a backlog may be longer than its time. */
    giveUp: (target: EndpointTarget, at: number): Promise<void> =>
      inBusinesses([target.businessId], async () => {
        await pool.query(
          `UPDATE business.webhook_deliveries
              SET status = 'failed', failure = coalesce(failure, 'gave-up'), due_at = NULL, finished_at = $3
            WHERE business_id = $1 AND endpoint_id = $2 AND due_at IS NOT NULL AND give_up_at < $3`,
          [...uuidsOf(target), time(at)],
        );
      }),

    /** Sends nothing to an endpoint any more, keeps what waits for a replay, and has its people told. */
    disable: (target: EndpointTarget, reason: 'gone' | 'failing', at: number): Promise<void> =>
      inBusinesses([target.businessId], () =>
        inTransaction(pool, async (client) => {
          const { rows } = await client.query<{ name: string; failing_since: number | null }>(
            `UPDATE business.webhook_endpoints
                SET status = 'disabled', disabled_reason = $3, disabled_at = $4,
                    revision = revision + 1, updated_at = now()
              WHERE business_id = $1 AND id = $2 AND status = 'active'
              RETURNING name, failing_since`,
            [...uuidsOf(target), reason, time(at)],
          );
          const [endpoint] = rows;
          if (!endpoint) return;
          await raiseConfigRevision(client, target.businessId);
          await createWebhookBooks(client).hold(target, at);
          const event: OutboxEvent = {
            id: ids.id('evt'),
            type: 'webhook-endpoint.disabled',
            data: {
              endpointId: target.endpointId,
              name: endpoint.name,
              reason,
              failingSince: time(endpoint.failing_since),
              disabledAt: new Date(at).toISOString(),
            },
          };
          await createFacts(client, ids).publish(target.businessId, [event]);
        }),
      ),
  };
}

function toRow({ target, id, dueAt, at, ...rest }: Settlement): object {
  const [business_id, endpoint_id] = uuidsOf(target);
  return {
    business_id,
    endpoint_id,
    id: toUuid(id),
    due_at: time(dueAt),
    at: time(at),
    ...rest,
  };
}
