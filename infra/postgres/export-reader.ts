import type { Pool } from 'pg';
import type { ExportedFile } from '../../domain/exports/export.ts';
import type { BusinessId, JobId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { pageOfJobs } from './pages.ts';

interface Row {
  id: string;
  requested_by: string;
  started_at: number;
  finished_at: number;
  expires_at: number;
  files: ExportedFile[];
}

const columns = 'id, requested_by, started_at, finished_at, expires_at, files';

/** Exports that were made, for those who may only read. */
export function createExportReader(pool: Pool) {
  return {
    async list(businessId: BusinessId, page: { limit: number; after: string | undefined }) {
      const { rows } = await pool.query<Row>({
        name: 'list-exports',
        text: `
          SELECT ${columns} FROM business.exports
           WHERE business_id = $1 AND ($2::timestamptz IS NULL OR (finished_at, id) < ($2, $3::uuid))
           ORDER BY finished_at DESC, id DESC LIMIT $4`,
        values: [toUuid(businessId), ...pageOfJobs(page.after), page.limit],
      });
      return rows.map(toView);
    },
    async find(businessId: BusinessId, id: JobId) {
      const { rows } = await pool.query<Row>({
        name: 'find-export',
        text: `SELECT ${columns} FROM business.exports WHERE business_id = $1 AND id = $2`,
        values: [toUuid(businessId), toUuid(id)],
      });
      return rows[0] && toView(rows[0]);
    },
  };
}

function toView(row: Row) {
  return {
    id: fromUuid('job', row.id),
    requestedBy: row.requested_by,
    startedAt: toIso(row.started_at),
    finishedAt: toIso(row.finished_at),
    expiresAt: toIso(row.expires_at),
    files: row.files,
  };
}
