import { z } from 'zod';
import { REPORT_DAYS } from '../../../domain/analytics/report.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import { makeReport } from '../../../queues/commands/make-report.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { Problem } from '../../problems.ts';
import { reportFiles } from '../../reports.ts';

/** `POST /v1/admin/reports`: a period's figures, to print and to count on with. */
export function makeReportRoute(deps: { gate: CommandGate; files: FileStore | undefined }) {
  return commandRoute(deps, makeReport, {
    method: 'post',
    path: '/v1/admin/reports',
    tag: 'Admin',
    summary: 'Make a report of a period',
    description:
      'A page to print with plots, each figure with its definition, and the same as CSV files. It ' +
      'names no customers. One of each week is made by itself, on Monday morning. Fetched for ' +
      `${REPORT_DAYS} days by links at \`/v1/admin/reports/{id}\`.`,
    scope: 'reports:write',
    body: makeReport.body,
    done: {
      status: 201,
      description: 'Ready.',
      schema: z.object({
        report: z.object({ id: z.string(), expiresAt: z.iso.datetime(), files: reportFiles }),
      }),
    },
    queued: 'Queued. Poll the job: it tells how far it is.',
    payload({ body }) {
      if (!deps.files) throw new Problem('files-unavailable');
      return body;
    },
  });
}
