import { type BusinessDate, DAY_MS, utcDate } from '../values/time.ts';

/** How late a birthday's reward may still be given: a schedule that stood still catches up. */
export const CATCH_UP_DAYS = 7;

/** A day on which people have their birthday, as it stands in the calendar. */
export interface Birthday {
  /** 304 for 4 March. */
  monthDay: number;
  date: BusinessDate;
}

/**
 * Whose birthdays lie in the days up to `today`, the oldest first. Who was born on 29 February has it
 * on the 28th in common years.
 */
export function birthdaysUntil(today: BusinessDate, days = CATCH_UP_DAYS): Birthday[] {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days + 1 }, (_, i) => end - (days - i) * DAY_MS).flatMap((time) => {
    const day = new Date(time);
    const date = utcDate(time);
    const monthDay = (day.getUTCMonth() + 1) * 100 + day.getUTCDate();
    const isLeapDayToo = monthDay === 228 && new Date(time + DAY_MS).getUTCDate() === 1;
    return [{ monthDay, date }, ...(isLeapDayToo ? [{ monthDay: 229, date }] : [])];
  });
}
