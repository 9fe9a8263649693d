import type { BusinessId, Id } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

/** A server of a business that does not take what it is sent. */
export interface TroubledEndpoint {
  businessId: BusinessId;
  id: Id<'whe'>;
  name: string;
  /** Of its URL: the rest may hold secrets. */
  host: string;
  status: 'active' | 'disabled';
  failingSince: number | null;
  /** Of the last week: given up, and still being tried. */
  failed: number;
  waiting: number;
}

interface Row {
  business_id: string;
  id: string;
  name: string;
  url: string;
  status: 'active' | 'disabled';
  failing_since: number | null;
  failed: number;
  waiting: number;
}

const MOST = 50;

/** Endpoints of these businesses that fail, were disabled for it, or gave up something in a week. */
export async function findTroubledEndpoints(
  pool: Queryable,
  businesses: readonly BusinessId[],
): Promise<TroubledEndpoint[]> {
  const { rows } = await pool.query<Row>(
    `SELECT e.business_id, e.id, e.name, e.url, e.status, e.failing_since, d.failed, d.waiting
       FROM business.webhook_endpoints e
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE w.status = 'failed') AS failed,
               count(*) FILTER (WHERE w.status = 'pending' AND w.tries > 0) AS waiting
          FROM business.webhook_deliveries w
         WHERE w.business_id = e.business_id AND w.endpoint_id = e.id
           AND w.created_at > now() - interval '7 days') d
      WHERE e.business_id = ANY ($1) AND e.status <> 'removed'
        AND (e.failing_since IS NOT NULL OR d.failed > 0
             OR e.disabled_reason IN ('gone', 'failing'))
      ORDER BY d.failed DESC LIMIT ${MOST}`,
    [businesses.map(toUuid)],
  );
  return rows.map((row) => ({
    businessId: fromUuid('biz', row.business_id),
    id: fromUuid('whe', row.id),
    name: row.name,
    host: URL.parse(row.url)?.host ?? '–',
    status: row.status,
    failingSince: row.failing_since,
    failed: row.failed,
    waiting: row.waiting,
  }));
}
