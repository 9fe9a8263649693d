import { z } from 'zod';
import { storesOf } from '../../history.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { type ReportReader, reportSchema, type ReportView } from '../../reports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/admin/reports`: what was made, newest first. */
export function listReportsRoute(deps: { reports: ReportReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-reports',
    method: 'get',
    path: '/v1/admin/reports',
    tag: 'Admin',
    summary: 'Reports, newest first',
    scope: 'reports:read',
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(reportSchema) } },
    handle({ query, principal }) {
      const positionOf = (item: ReportView) => [`${item.madeAt} ${item.id}`];
      const list = { name: 'list-reports', principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.reports.list(principal.businessId, storesOf(principal), { limit, after: after?.[0] }),
      );
    },
  });
}
