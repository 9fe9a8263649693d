import type { Pool } from 'pg';
import type { ReportFile, Reports } from '../../domain/analytics/report.ts';
import type { BusinessId, JobId, StoreId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { pageOfJobs } from './pages.ts';
import type { Queryable } from './pool.ts';

/** Reports that were made, bound to one transaction's connection. */
export function createReports(client: Queryable): Reports {
  return {
    async record(businessId, made) {
      const { id, requestedBy, period, storeId, currency, week, madeAt, expiresAt, files } = made;
      await client.query({
        name: 'record-report',
        text: `
          INSERT INTO business.reports (business_id, id, requested_by, from_date, to_date, store_id,
                                        currency, week, made_at, expires_at, files)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        values: [
          toUuid(businessId),
          toUuid(id),
          requestedBy,
          period.from,
          period.to,
          storeId && toUuid(storeId),
          currency,
          week,
          new Date(madeAt),
          new Date(expiresAt),
          JSON.stringify(files),
        ],
      });
    },
    async hasWeek(businessId, week) {
      const { rows } = await client.query({
        name: 'find-weekly-report',
        text: 'SELECT FROM business.reports WHERE business_id = $1 AND week = $2',
        values: [toUuid(businessId), week],
      });
      return rows.length > 0;
    },
  };
}

/** A store by its name; null where there is none. */
export async function findStoreName(
  pool: Pool,
  businessId: BusinessId,
  storeId: StoreId,
): Promise<string | null> {
  const { rows } = await pool.query<{ name: string }>({
    name: 'find-store-name',
    text: 'SELECT name FROM business.stores WHERE business_id = $1 AND id = $2',
    values: [toUuid(businessId), toUuid(storeId)],
  });
  return rows[0]?.name ?? null;
}

interface Row {
  id: string;
  requested_by: string;
  from_date: string;
  to_date: string;
  store_id: string | null;
  currency: string;
  week: string | null;
  made_at: number;
  expires_at: number;
  files: ReportFile[];
}

const columns = `id, requested_by, from_date, to_date, store_id, currency, week, made_at, expires_at,
                 files`;

/** Reports, for those who may only read. Who answers for some stores sees those of them alone. */
export function createReportReader(pool: Pool) {
  const uuids = (storeIds: readonly StoreId[] | null) => storeIds?.map(toUuid) ?? null;
  return {
    async list(
      businessId: BusinessId,
      storeIds: readonly StoreId[] | null,
      page: { limit: number; after: string | undefined },
    ) {
      const { rows } = await pool.query<Row>({
        name: 'list-reports',
        text: `
          SELECT ${columns} FROM business.reports
           WHERE business_id = $1 AND ($2::uuid[] IS NULL OR store_id = ANY ($2))
             AND ($3::timestamptz IS NULL OR (made_at, id) < ($3, $4::uuid))
           ORDER BY made_at DESC, id DESC LIMIT $5`,
        values: [toUuid(businessId), uuids(storeIds), ...pageOfJobs(page.after), page.limit],
      });
      return rows.map(toView);
    },
    async find(businessId: BusinessId, id: JobId, storeIds: readonly StoreId[] | null) {
      const { rows } = await pool.query<Row>({
        name: 'find-report',
        text: `
          SELECT ${columns} FROM business.reports
           WHERE business_id = $1 AND id = $2 AND ($3::uuid[] IS NULL OR store_id = ANY ($3))`,
        values: [toUuid(businessId), toUuid(id), uuids(storeIds)],
      });
      return rows[0] && toView(rows[0]);
    },
  };
}

function toView(row: Row) {
  return {
    id: fromUuid('job', row.id),
    requestedBy: row.requested_by,
    period: { from: row.from_date, to: row.to_date },
    storeId: row.store_id && fromUuid('sto', row.store_id),
    currency: row.currency,
    isWeekly: row.week !== null,
    madeAt: toIso(row.made_at),
    expiresAt: toIso(row.expires_at),
    files: row.files,
  };
}
