import {
  type BusinessArchive,
  EXPORT_HOURS,
  type ExportedFile,
  exportKey,
  type Exports,
} from '../../../domain/exports/export.ts';
import { toCsv } from '../../../domain/files/csv.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource, JobId } from '../../../domain/values/ids.ts';
import { HOUR_MS, type Instant } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler, LEFT, maySend } from '../command.ts';
import type { Handler } from '../handler.ts';

export interface ExportDependencies {
  store: CommandStore<{ exports: Exports }>;
  archive: BusinessArchive;
  files: FileStore | undefined;
  ids: IdSource;
  now: () => Instant;
  /** Tells whoever polls the job how many files are ready. */
  tellProgress: (jobId: JobId, progress: { done: number; total: number }) => Promise<void>;
  /** Lets other work of this process run. */
  breathe: () => Promise<void>;
}

type Message = Envelope<PayloadOf<'export-business'>>;

/**
 * Writes everything a business owns into files, one a table, all of one moment, page by page into the
 * file store. A worker that dies begins anew: the files are the same ones. Outcome: `completed` with
 * the files' names, rows and sizes.
 */
export function createExportBusinessHandler(
  dependencies: ExportDependencies,
): Handler<'export-business'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) outcomes.push(await exportBusiness(message, dependencies));
    return outcomes;
  };
}

async function exportBusiness(
  message: Message,
  dependencies: ExportDependencies,
): Promise<CommandOutcome> {
  const { store, now } = dependencies;
  const { businessId, id, principal } = message;
  const begun = await store.transact(async (transaction) => ({
    known: await transaction.findJob(businessId, id),
    isAllowed: await maySend(transaction, message),
  }));
  const isNeeded = begun.isAllowed && (!begun.known || begun.known.status === 'failed');
  const startedAt = now();
  const files = isNeeded ? await writeFiles(message, dependencies) : [];
  // Handled before, it repeats its first outcome; of somebody who left, it is declined.
  const end = createCommandHandler<'export-business', { exports: Exports }>(
    dependencies,
    async ({ exports }) => {
      if (!isNeeded) return LEFT;
      const expiresAt = now() + EXPORT_HOURS * HOUR_MS;
      const requestedBy = `${principal.kind}:${principal.id}`;
      await exports.record(businessId, { id, requestedBy, startedAt, expiresAt, files });
      const expires = new Date(expiresAt).toISOString();
      return {
        status: 'completed',
        transactionId: null,
        result: { export: { id, expiresAt: expires, files } },
        subjectId: businessId,
      };
    },
  );
  const [outcome] = await end([message]);
  if (!outcome) throw new Error('an export had no outcome');
  return outcome;
}

async function writeFiles(
  { businessId, id }: Message,
  { archive, files, tellProgress, breathe }: ExportDependencies,
): Promise<ExportedFile[]> {
  if (!files) throw new Error('S3_BUCKET is not set: there is nowhere to write files to');
  const written: ExportedFile[] = [];
  await archive.read(businessId, async (table, { index, total }) => {
    await tellProgress(id, { done: index, total });
    const name = `${table.name}.csv`;
    const counted = { rows: 0 };
    const content = toCsv(table.columns, counting(table.pages, counted, breathe));
    const key = exportKey(businessId, id, name);
    const of = { contentType: 'text/csv; charset=utf-8', fileName: name };
    const { bytes } = await files.write(key, content, of);
    written.push({ name, rows: counted.rows, bytes });
  });
  return written;
}

async function* counting<Row>(
  pages: AsyncIterable<readonly Row[]>,
  counted: { rows: number },
  breathe: () => Promise<void>,
): AsyncGenerator<readonly Row[]> {
  for await (const rows of pages) {
    counted.rows += rows.length;
    yield rows;
    await breathe();
  }
}
