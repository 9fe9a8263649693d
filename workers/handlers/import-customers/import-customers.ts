import type { FileStore } from '../../../domain/files/file-store.ts';
import { planColumns } from '../../../domain/imports/columns.ts';
import type { Delimiter } from '../../../domain/imports/header.ts';
import type { ImportState } from '../../../domain/imports/import-books.ts';
import type { ImportRow, RowResult } from '../../../domain/imports/import.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import { versionAt } from '../../../domain/programs/program.ts';
import type { IdSource, JobId } from '../../../domain/values/ids.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler, LEFT, maySend, type WorkOutcome } from '../command.ts';
import type { Handler } from '../handler.ts';
import { importBatch, type ImportContext, type ImportRepos } from './import-batch.ts';
import { type FileColumns, readRow } from './read-row.ts';

export interface ImportDependencies {
  store: CommandStore<ImportRepos>;
  files: FileStore | undefined;
  readCsv: (
    content: AsyncIterable<Uint8Array>,
    options: { delimiter: Delimiter },
  ) => AsyncIterable<{ cells: string[] } | { error: string }>;
  ids: IdSource;
  tellProgress: (jobId: JobId, progress: { done: number; total: number }) => Promise<void>;
  /** Lets other work of this process run. */
  breathe: () => Promise<void>;
}

type Message = Envelope<PayloadOf<'import-customers'>>;

/** Rows of one transaction: its locks, on cards of people who were known, are held for some 0.1 s. */
const ROWS_PER_BATCH = 1_000;
/** Rows read at one go, some milliseconds, before sales get their turn. */
const ROWS_PER_SLICE = 100;

/**
 * Brings customers and their opening balances in from a file, some hundreds of rows a commit, each
 * with its result. A worker that dies in the middle has lost nothing: whoever takes the job over goes
 * on behind the last commit. Outcomes: `completed` with counts, or `declined` as `file-malformed`.
 */
export function createImportCustomersHandler(
  dependencies: ImportDependencies,
): Handler<'import-customers'> {
  const { store, files } = dependencies;
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const outcome = await importFile(message, dependencies);
      const end = createCommandHandler<'import-customers', ImportRepos>(
        { ...dependencies, store },
        async ({ imports }) => {
          if (outcome.status === 'completed') await imports.finish(message.businessId, message.id);
          return outcome;
        },
      );
      outcomes.push(...(await end([message])));
      // It is full of personal data, and has said all that it had to say.
      await files?.remove(message.payload.file);
    }
    return outcomes;
  };
}

async function importFile(
  message: Message,
  dependencies: ImportDependencies,
): Promise<WorkOutcome> {
  const { store, files, ids, tellProgress, readCsv, breathe } = dependencies;
  const { businessId, id: importId, payload } = message;
  if (!files) throw new Error('S3_BUCKET is not set: there is nowhere to read files from');
  const at = Date.parse(message.receivedAt);
  const about = {
    sha256: payload.sha256,
    rows: payload.rows,
    isDryRun: payload.isDryRun,
    requestedBy: `${message.principal.kind}:${message.principal.id}`,
    at,
  };
  const begun = await store.transact(async (repos) => ({
    known: await repos.findJob(businessId, importId),
    isAllowed: await maySend(repos, message),
    programs: (await repos.books.loadConfig(businessId))?.programs ?? [],
    state: await repos.imports.begin(businessId, importId, about),
  }));
  // Handled before: the file is gone, and the first outcome is repeated.
  if (begun.state.isFinished || (begun.known && begun.known.status !== 'failed')) {
    return completed(importId, begun.state, payload.isDryRun);
  }
  if (!begun.isAllowed) return LEFT;
  const programs = begun.programs.filter((program) => versionAt(program, at));
  const context: ImportContext = {
    businessId,
    importId,
    programs,
    at,
    ids,
    isDryRun: payload.isDryRun,
    breathe,
  };
  const content = await files.read(payload.file);
  let [state, file, seen]: [ImportState, FileColumns | undefined, number] = [
    begun.state,
    undefined,
    0,
  ];
  let batch: Read[] = [];
  // While PostgreSQL writes a batch, the next one is read.
  let writing = Promise.resolve();

  const write = async (reads: readonly Read[]) => {
    state = await store.transact(async (repos) => {
      const found = await repos.imports.begin(businessId, importId, about);
      if (found.rowsDone !== state.rowsDone) throw new Error('another worker has this import');
      const rows = reads.flatMap((read) => (read.kind === 'row' ? [read.row] : []));
      const taken = await importBatch(repos, rows, context);
      return repos.imports.keep(businessId, importId, inOrder(reads, taken));
    });
    const progress = { done: state.rowsDone, total: Math.max(payload.rows, seen) };
    // No batch waits for it: losing it loses nothing but comfort, and the next says more.
    void tellProgress(importId, progress).catch(() => undefined);
  };
  const commit = async () => {
    await writing;
    writing = write(batch);
    // Whoever waits for it next hears of its failure; until then it is nobody's.
    writing.catch(() => undefined);
    batch = [];
  };

  try {
    for await (const record of readCsv(content, payload)) {
      if (!file) {
        const plan = 'cells' in record ? planColumns(record.cells, programs) : undefined;
        if (plan?.kind !== 'planned') {
          return refused(plan?.problems.map((problem) => problem.column));
        }
        file = { columns: plan.columns, delimiter: payload.delimiter };
        continue;
      }
      seen += 1;
      // The header is row 1. What is committed already is only read past.
      if (seen <= begun.state.rowsDone) continue;
      batch.push(readRecord(record, file, seen + 1));
      if (seen % ROWS_PER_SLICE === 0) await breathe();
      if (batch.length === ROWS_PER_BATCH) await commit();
    }
    if (!file) return refused([]);
    if (batch.length > 0) await commit();
  } finally {
    await writing;
  }
  return completed(importId, state, payload.isDryRun);
}

type Read = { kind: 'row'; row: ImportRow } | { kind: 'told'; result: RowResult };

function readRecord(
  record: { cells: string[] } | { error: string },
  file: FileColumns,
  row: number,
): Read {
  if ('error' in record) {
    const detail = 'A quote is missing or stands where none can be.';
    const problems = [{ code: 'malformed-row', detail }];
    return { kind: 'told', result: { row, status: 'failed', problems } };
  }
  const read = readRow(record.cells, file, row);
  if (read.kind === 'row') return read;
  if (read.kind === 'gone') return { kind: 'told', result: { row, status: 'skipped' } };
  return { kind: 'told', result: { row, status: 'failed', problems: read.problems } };
}

/** Results in the order of the file. */
function inOrder(reads: readonly Read[], taken: readonly RowResult[]): RowResult[] {
  let next = 0;
  return reads.flatMap((read) => (read.kind === 'told' ? read.result : (taken[next++] ?? [])));
}

function refused(columns: readonly string[] = []): WorkOutcome {
  const detail =
    columns.length > 0
      ? `Columns that mean nothing here: ${columns.join(', ').slice(0, 300)}`
      : 'The file has no header.';
  return { status: 'declined', code: 'file-malformed', detail };
}

function completed(id: JobId, { rowsDone, counts }: ImportState, isDryRun: boolean): WorkOutcome {
  return {
    status: 'completed',
    transactionId: null,
    result: { import: { id, isDryRun, rows: rowsDone, ...counts } },
    subjectId: id,
    auditDetail: { isDryRun, rows: rowsDone, ...counts },
  };
}
