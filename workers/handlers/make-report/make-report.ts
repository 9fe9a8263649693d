import type { Period } from '../../../domain/analytics/period.ts';
import { REPORT_LIFE_MS, type Reports } from '../../../domain/analytics/report.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { IdSource, StoreId } from '../../../domain/values/ids.ts';
import type { BusinessDate } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { type ReportDependencies, writeReport } from '../../reports/make.ts';
import { createCommandHandler, LEFT, maySend } from '../command.ts';
import type { Handler } from '../handler.ts';

export interface MakeReportDependencies extends ReportDependencies {
  store: CommandStore<{ reports: Reports }>;
  ids: IdSource;
}

/**
 * Makes a report of a period. A worker that dies begins anew: the files are the same ones. Outcome:
 * `completed` with the files' names and sizes.
 */
export function createMakeReportHandler(
  dependencies: MakeReportDependencies,
): Handler<'make-report'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const { from, to, storeId = null } = message.payload;
      const wish = { period: { from, to }, storeId, week: null };
      outcomes.push(await makeReport(message, wish, dependencies));
    }
    return outcomes;
  };
}

async function makeReport(
  message: Envelope,
  wish: { period: Period; storeId: StoreId | null; week: BusinessDate | null },
  dependencies: MakeReportDependencies,
): Promise<CommandOutcome> {
  const { businessId, id, principal } = message;
  const { period, storeId, week } = wish;
  const begun = await dependencies.store.transact(async (transaction) => ({
    known: await transaction.findJob(businessId, id),
    isAllowed: await maySend(transaction, message),
  }));
  const isNeeded = begun.isAllowed && (!begun.known || begun.known.status === 'failed');
  const written = isNeeded
    ? await writeReport({ id, businessId, period, storeId }, dependencies)
    : undefined;
  // Handled before, it repeats its first outcome; of somebody who left, it is declined.
  const end = createCommandHandler<'make-report', { reports: Reports }>(
    dependencies,
    async ({ reports }) => {
      if (!written) return LEFT;
      const { currency, madeAt, files } = written;
      const expiresAt = madeAt + REPORT_LIFE_MS;
      const requestedBy = `${principal.kind}:${principal.id}`;
      const made = { id, requestedBy, period, storeId, currency, week, madeAt, expiresAt, files };
      await reports.record(businessId, made);
      return {
        status: 'completed',
        transactionId: null,
        result: { report: { id, expiresAt: new Date(expiresAt).toISOString(), files } },
        subjectId: businessId,
        auditDetail: { ...period, storeId },
      };
    },
  );
  const [outcome] = await end([message as Parameters<typeof end>[0][number]]);
  if (!outcome) throw new Error('a report had no outcome');
  return outcome;
}
