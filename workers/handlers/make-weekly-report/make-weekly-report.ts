import { lastWeek, REPORT_LIFE_MS, type Reports } from '../../../domain/analytics/report.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { type ReportDependencies, writeReport } from '../../reports/make.ts';
import type { Handler } from '../handler.ts';

export interface WeeklyReportDependencies extends ReportDependencies {
  store: CommandStore<{ reports: Reports }>;
}

/**
 * Makes the report of the last whole week of a business, once, as its own calendar counts weeks.
 * Outcome: always `completed`; without a bucket, or with the report there, nothing is done.
 */
export function createMakeWeeklyReportHandler(
  dependencies: WeeklyReportDependencies,
): Handler<'make-weekly-report'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const result = { made: await makeWeekly(message, dependencies) };
      outcomes.push({ status: 'completed', transactionId: null, result });
    }
    return outcomes;
  };
}

async function makeWeekly(
  { businessId, id, payload }: Envelope<PayloadOf<'make-weekly-report'>>,
  dependencies: WeeklyReportDependencies,
): Promise<boolean> {
  const { store, figures, files } = dependencies;
  const business = await figures.findBusiness(businessId);
  if (!business || !files) return false;
  const period = lastWeek(Date.parse(payload.at), business.zone);
  const week = period.from;
  if (await store.transact(({ reports }) => reports.hasWeek(businessId, week))) return false;
  const made = await writeReport({ id, businessId, period, storeId: null }, dependencies);
  return store.transact(async (transaction) => {
    // Two ticks may have come to the same week.
    await transaction.exclusively(`${businessId} weekly report`);
    if (await transaction.reports.hasWeek(businessId, week)) return false;
    const { currency, madeAt, files: written } = made;
    await transaction.reports.record(businessId, {
      id,
      requestedBy: 'system:schedules',
      period,
      storeId: null,
      currency,
      week,
      madeAt,
      expiresAt: madeAt + REPORT_LIFE_MS,
      files: written,
    });
    return true;
  });
}
