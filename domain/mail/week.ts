import type { BusinessId } from '../values/ids.ts';
import type { Money } from '../values/money.ts';
import { type BusinessDate, DAY_MS, type Instant, localDate, utcDate } from '../values/time.ts';

/** What a business did in some days. */
export interface WeekFigures {
  sales: number;
  /** Sales less refunds, by currency. */
  revenue: readonly Money[];
  /** Customers who bought something. */
  customers: number;
  newCustomers: number;
  rewardsIssued: number;
  rewardsRedeemed: number;
}

/** Where a week's figures come from. Days are business dates, both ends included. */
export type ReadWeek = (
  businessId: BusinessId,
  days: { from: BusinessDate; to: BusinessDate },
) => Promise<WeekFigures>;

/** Seven days, Monday to Sunday. */
export interface Week {
  from: BusinessDate;
  to: BusinessDate;
}

const MONDAY = 1;

/** The last week that is over at an instant, on the calendar of a zone. */
export function lastWeek(at: Instant, zone: string): Week {
  const today = Date.parse(`${localDate(at, zone)}T00:00:00Z`);
  const sinceMonday = (new Date(today).getUTCDay() + 7 - MONDAY) % 7;
  return weekFrom(today - (sinceMonday + 7) * DAY_MS);
}

/** The seven days before a week. */
export function weekBefore(week: Week): Week {
  return weekFrom(Date.parse(`${week.from}T00:00:00Z`) - 7 * DAY_MS);
}

function weekFrom(monday: number): Week {
  const day = (days: number) => utcDate(monday + days * DAY_MS);
  return { from: day(0), to: day(6) };
}
