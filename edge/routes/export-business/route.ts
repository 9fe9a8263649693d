import { z } from 'zod';
import { EXPORT_HOURS } from '../../../domain/exports/export.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import { exportBusiness } from '../../../queues/commands/export-business.ts';
import type { CommandGate } from '../../command-gate.ts';
import { exportSchema } from '../../exports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `POST /v1/admin/exports`: everything the business owns, to take along. */
export function exportBusinessRoute(deps: { gate: CommandGate; files: FileStore | undefined }) {
  return defineRoute({
    name: exportBusiness.name,
    method: 'post',
    path: '/v1/admin/exports',
    tag: 'Admin',
    summary: 'Export everything the business owns',
    description:
      'One CSV file a table, all of one moment: customers, cards, transactions with their lines and ' +
      'explanations, postings, lots, rewards, offers, programs, promotions, stores, staff, audit log. ' +
      'A cell that a spreadsheet would run is preceded by an apostrophe. `customers.csv` can be ' +
      `imported elsewhere. The files can be fetched for ${EXPORT_HOURS} hours, by links at ` +
      '`/v1/admin/exports/{id}`.',
    scope: 'exports:write',
    isCommand: true,
    responses: {
      201: {
        description: 'Ready.',
        schema: z.object({
          export: exportSchema.pick({ id: true, expiresAt: true, files: true }),
        }),
      },
      202: { description: 'Queued. Poll the job: it tells how far it is.', schema: acceptedSchema },
    },
    async handle({ principal, headers }) {
      if (!deps.files) throw new Problem('files-unavailable');
      const request = { command: exportBusiness, body: {}, payload: {}, principal, headers };
      return deps.gate.reply(request);
    },
  });
}
