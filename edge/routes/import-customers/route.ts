import { z } from 'zod';
import type { FileStore } from '../../../domain/files/file-store.ts';
import { planColumns } from '../../../domain/imports/columns.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { BusinessId } from '../../../domain/values/ids.ts';
import { importCustomers } from '../../../queues/commands/import-customers.ts';
import type { CommandGate, CommandRequest } from '../../command-gate.ts';
import { type CsvUpload, MAX_FILE_ROWS, receiveCsv } from '../../csv-upload.ts';
import { importSchema } from '../../imports.ts';
import type { Books, Caller } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute, type RequestHeaders } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

export interface ImportRouteDependencies {
  gate: CommandGate;
  books: Books;
  /** Absent where no bucket is set up. */
  files: FileStore | undefined;
  programsOf: (businessId: BusinessId) => Promise<readonly Program[]>;
}

const started = importSchema.pick({
  id: true,
  isDryRun: true,
  rows: true,
  created: true,
  credited: true,
  known: true,
  skipped: true,
  failed: true,
});

/** `POST /v1/admin/imports`: customers and what they have collected so far, from a file. */
export function importCustomersRoute(deps: ImportRouteDependencies) {
  return defineRoute({
    name: importCustomers.name,
    method: 'post',
    path: '/v1/admin/imports',
    tag: 'Admin',
    summary: 'Import customers and opening balances',
    description:
      'CSV in UTF-8, comma or semicolon, the first row names the columns: `phone` (E.164), `email`, ' +
      '`name`, `birthday` (YYYY-MM-DD), `locale`, `tags` (with spaces between), `externalId` or ' +
      '`externalId:<system>`, `consent:<purpose>` (true or false), `balance:<program>` (by id or name: ' +
      'opens a card there, with an opening balance, once). A row needs a phone, an e-mail or an ' +
      'external id; whoever has it already stays as they are. Rows that cannot be taken are told one ' +
      'by one, the others go in. The same file again is the same import and does nothing; a longer ' +
      `one adds what is new. At most ${MAX_FILE_ROWS} rows. Each row’s result is at ` +
      '`/v1/admin/imports/{id}/rows`.',
    scope: 'admin:write',
    isCommand: true,
    hasDefaultKey: true,
    takesFile: 'text/csv',
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'Only checks: nothing is written, results say what would be.' }),
    }),
    responses: {
      201: { description: 'Done.', schema: z.object({ import: started }) },
      202: { description: 'Queued. Poll the job: it tells how far it is.', schema: acceptedSchema },
    },
    async handle({ file, query, principal, headers }) {
      if (!deps.files) throw new Problem('files-unavailable');
      if (!file) throw new Problem('body-required');
      const upload = await receiveCsv(file);
      try {
        const isDryRun = query.dryRun === 'true';
        await refuseColumns(upload, await deps.programsOf(principal.businessId));
        const request = requestOf({ upload, isDryRun, principal, headers }, deps.gate);
        await keepFile(deps, deps.files, request, upload);
        return await deps.gate.reply(request);
      } finally {
        await upload.drop();
      }
    },
  });
}

/** @throws Problem `file-malformed`, with each column that means nothing */
async function refuseColumns(upload: CsvUpload, programs: readonly Program[]): Promise<void> {
  const plan = planColumns(upload.header, programs);
  if (plan.kind === 'planned') return;
  const errors = plan.problems
    .slice(0, 20)
    .map(({ column, code, detail }) => ({ pointer: column.slice(0, 100), code, detail }));
  throw new Problem('file-malformed', { detail: 'See errors: each names a column.', errors });
}

type ImportRequest = CommandRequest & { payload: { file: string } };

/** The file's name is its job's and its content's: sent twice it is there once. */
function requestOf(
  of: { upload: CsvUpload; isDryRun: boolean; principal: Caller; headers: RequestHeaders },
  gate: CommandGate,
): ImportRequest {
  const { upload, isDryRun, principal, headers } = of;
  const { sha256, rows, delimiter } = upload;
  const request = {
    command: importCustomers,
    body: { sha256, isDryRun },
    payload: { file: '', sha256, rows, delimiter, isDryRun },
    principal,
    headers,
  };
  const file = `imports/${principal.businessId}/${gate.jobIdOf(request)}/${sha256}.csv`;
  return { ...request, payload: { ...request.payload, file } };
}

/** Into the file store, unless its import has ended: the worker has removed it by then. */
async function keepFile(
  { gate, books }: ImportRouteDependencies,
  files: FileStore,
  request: ImportRequest,
  upload: CsvUpload,
): Promise<void> {
  const { businessId } = request.principal;
  const ended = await books.findJob(businessId, gate.jobIdOf(request));
  if (ended && ended.status !== 'failed') return;
  await files.write(request.payload.file, upload.content(), { contentType: 'text/csv' });
}
