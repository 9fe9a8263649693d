import { z } from 'zod';
import { ROW_STATUSES, type RowStatus } from '../../../domain/imports/import.ts';
import type { BusinessId, JobId } from '../../../domain/values/ids.ts';
import { csvReply, wantsCsv } from '../../csv.ts';
import { type ImportReader, importRowSchema, type ImportRowView } from '../../imports.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

const CSV_COLUMNS = ['row', 'status', 'customerId', 'column', 'code', 'detail'];
const CSV_PAGE_ROWS = 1_000;

/** `GET /v1/admin/imports/{id}/rows`: what became of each row of a file. */
export function listImportRowsRoute(deps: { imports: ImportReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-import-rows',
    method: 'get',
    path: '/v1/admin/imports/:id/rows',
    tag: 'Admin',
    summary: 'What became of each row',
    description:
      'In the order of the file. With `Accept: text/csv` all of them at once, a line for each problem.',
    scope: 'admin:read',
    params: z.object({ id: idSchema('job') }),
    query: z.strictObject({ ...pageFields, status: z.enum(ROW_STATUSES).optional() }),
    responses: {
      200: {
        description: 'One page.',
        schema: pageSchema(importRowSchema),
        contentType: 'text/csv',
      },
    },
    async handle({ params: { id }, query, principal, headers }) {
      const { businessId } = principal;
      if (!(await deps.imports.find(businessId, id))) throw new Problem('not-found');
      const { status } = query;
      if (wantsCsv(headers)) {
        return csvReply(
          `import-${id}.csv`,
          CSV_COLUMNS,
          pagesOf(deps.imports, businessId, id, status),
        );
      }
      const positionOf = (item: ImportRowView) => [String(item.row)];
      const list = { name: `list-import-rows/${id}`, principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.imports.listRows(businessId, id, { limit, after: Number(after?.[0] ?? 0), status }),
      );
    },
  });
}

async function* pagesOf(
  imports: ImportReader,
  businessId: BusinessId,
  id: JobId,
  status: RowStatus | undefined,
) {
  let after = 0;
  for (;;) {
    const rows = await imports.listRows(businessId, id, { limit: CSV_PAGE_ROWS, after, status });
    yield rows.flatMap(toLines);
    const last = rows.at(-1);
    if (!last || rows.length < CSV_PAGE_ROWS) return;
    after = last.row;
  }
}

function toLines({ row, status, customerId, problems }: ImportRowView) {
  const lines = problems.map(({ column, code, detail }) => [column, code, detail]);
  return (lines.length > 0 ? lines : [[]]).map((line) => [row, status, customerId, ...line]);
}
