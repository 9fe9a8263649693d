import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Facts } from '../../../domain/ledger/facts.ts';
import type { Announcements } from '../../../domain/mail/announcements.ts';
import {
  lastWeek,
  type ReadWeek,
  weekBefore,
  type WeekFigures,
} from '../../../domain/mail/week.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { Handler } from '../handler.ts';

export interface ReportWeekDependencies {
  store: CommandStore<{ announcements: Announcements; facts: Facts }>;
  readWeek: ReadWeek;
  ids: IdSource;
}

/**
 * Reports a business's last week, once. May come late, twice, or die half-way. Outcome: always
 * `completed`, with the week's first day when it was reported now.
 */
export function createReportWeekHandler(deps: ReportWeekDependencies): Handler<'report-week'> {
  const { store, readWeek, ids } = deps;
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const { businessId, payload } of messages) {
      const week = await store.transact(async ({ announcements, facts }) => {
        const zone = await announcements.zoneOf(businessId);
        if (zone === undefined) return null;
        const days = lastWeek(Date.parse(payload.at), zone);
        if (!(await announcements.claimWeek(businessId, days.from))) return null;
        const figures = await readWeek(businessId, days);
        const before = await readWeek(businessId, weekBefore(days));
        const reported: OutboxEvent = {
          id: ids.id('evt'),
          type: 'week.reported',
          data: { ...days, figures: toEvent(figures), weekBefore: toEvent(before) },
        };
        await facts.publish(businessId, [reported]);
        return days.from;
      });
      outcomes.push({ status: 'completed', transactionId: null, result: { week } });
    }
    return outcomes;
  };
}

const toEvent = (figures: WeekFigures) => ({ ...figures, revenue: [...figures.revenue] });
