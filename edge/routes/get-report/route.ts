import { z } from 'zod';
import { reportKey } from '../../../domain/analytics/report.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { storesOf } from '../../history.ts';
import { linkFiles } from '../../file-links.ts';
import { Problem } from '../../problems.ts';
import { linkedReportSchema, type ReportReader } from '../../reports.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/reports/{id}`: where the files of a report are. */
export function getReportRoute(deps: {
  reports: ReportReader;
  files: FileStore | undefined;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'get-report',
    method: 'get',
    path: '/v1/admin/reports/:id',
    tag: 'Admin',
    summary: 'A report, with links to its files',
    scope: 'reports:read',
    params: z.object({ id: idSchema('job') }),
    responses: {
      200: { description: 'The report.', schema: z.object({ report: linkedReportSchema }) },
    },
    async handle({ params: { id }, principal }) {
      const { businessId } = principal;
      const found = await deps.reports.find(businessId, id, storesOf(principal));
      if (!found) throw new Problem('not-found');
      const files = await linkFiles(deps, found, (name) => reportKey(businessId, id, name));
      return { status: 200, body: { report: { ...found, files } } };
    },
  });
}
