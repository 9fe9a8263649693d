import { z } from 'zod';
import { reportKey } from '../../../domain/analytics/report.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { storesOf } from '../../history.ts';
import { Problem } from '../../problems.ts';
import { linkedReportSchema, type ReportReader } from '../../reports.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** Long enough to click on; a link that went astray is soon worth nothing. */
const LINK_SECONDS = 15 * 60;

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
      const { files } = deps;
      if (!files) throw new Problem('files-unavailable');
      const left = Math.floor((Date.parse(found.expiresAt) - deps.now()) / 1_000);
      const seconds = Math.min(left, LINK_SECONDS);
      const linked = await Promise.all(
        found.files.map(async (file) => {
          const key = reportKey(businessId, id, file.name);
          return { ...file, url: seconds > 0 ? await files.link(key, seconds) : null };
        }),
      );
      return { status: 200, body: { report: { ...found, files: linked } } };
    },
  });
}
