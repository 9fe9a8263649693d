import type { Pool } from 'pg';
import type { RowResult, RowStatus } from '../../domain/imports/import.ts';
import type { BusinessId, JobId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { pageOfJobs } from './pages.ts';

interface ImportRow {
  id: string;
  is_dry_run: boolean;
  sha256: string;
  requested_by: string;
  rows: number;
  rows_done: number;
  created: number;
  credited: number;
  known: number;
  skipped: number;
  failed: number;
  started_at: number;
  finished_at: number | null;
}

const columns = `id, is_dry_run, sha256, requested_by, rows, rows_done, created, credited, known, skipped,
  failed, started_at, finished_at`;

/** Imports and what became of their rows, for those who may only read. */
export function createImportReader(pool: Pool) {
  return {
    async list(businessId: BusinessId, page: { limit: number; after: string | undefined }) {
      const { rows } = await pool.query<ImportRow>({
        name: 'list-imports',
        text: `
          SELECT ${columns} FROM business.imports
           WHERE business_id = $1 AND ($2::timestamptz IS NULL OR (started_at, id) < ($2, $3::uuid))
           ORDER BY started_at DESC, id DESC LIMIT $4`,
        values: [toUuid(businessId), ...pageOfJobs(page.after), page.limit],
      });
      return rows.map(toView);
    },
    async find(businessId: BusinessId, id: JobId) {
      const { rows } = await pool.query<ImportRow>({
        name: 'find-import',
        text: `SELECT ${columns} FROM business.imports WHERE business_id = $1 AND id = $2`,
        values: [toUuid(businessId), toUuid(id)],
      });
      return rows[0] && toView(rows[0]);
    },
    async listRows(
      businessId: BusinessId,
      id: JobId,
      page: { limit: number; after: number; status: RowStatus | undefined },
    ) {
      const { rows } = await pool.query<{ result: RowResult }>({
        name: 'list-import-rows',
        text: `
          SELECT x AS result
            FROM business.import_results r
           CROSS JOIN LATERAL json_array_elements(r.results) x
           WHERE r.business_id = $1 AND r.import_id = $2 AND r.last_row > $3
             AND ($4::text IS NULL OR $4 = ANY (r.statuses))
             AND (x ->> 'row')::int > $3 AND ($4::text IS NULL OR x ->> 'status' = $4)
           ORDER BY r.first_row, (x ->> 'row')::int LIMIT $5`,
        values: [toUuid(businessId), toUuid(id), page.after, page.status ?? null, page.limit],
      });
      return rows.map(({ result: { row, status, customerId, problems } }) => ({
        row,
        status,
        customerId: customerId ?? null,
        problems: (problems ?? []).map(({ column, code, detail }) => ({
          column: column ?? null,
          code,
          detail,
        })),
      }));
    },
  };
}

function toView(row: ImportRow) {
  const { sha256, rows, created, credited, known, skipped, failed } = row;
  return {
    id: fromUuid('job', row.id),
    status: row.finished_at === null ? ('running' as const) : ('completed' as const),
    isDryRun: row.is_dry_run,
    sha256,
    requestedBy: row.requested_by,
    startedAt: toIso(row.started_at),
    finishedAt: row.finished_at === null ? null : toIso(row.finished_at),
    rows,
    rowsDone: row.rows_done,
    created,
    credited,
    known,
    skipped,
    failed,
  };
}
