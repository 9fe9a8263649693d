import { type BusinessDate, DAY_MS, plusDays } from '../values/time.ts';

/** Business dates, both ends included. */
export interface Period {
  from: BusinessDate;
  to: BusinessDate;
}

/** How many days a period may have: a year, whichever. */
export const LONGEST_PERIOD_DAYS = 366;

const dayOf = (date: BusinessDate) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** How many days a period has; 0 or less when it runs backwards. */
export function daysIn({ from, to }: Period): number {
  return dayOf(to) - dayOf(from) + 1;
}

/** As many days as the period has, right before it. */
export function periodBefore(period: Period): Period {
  return { from: plusDays(period.from, -daysIn(period)), to: plusDays(period.from, -1) };
}
