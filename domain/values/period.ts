import { type BusinessDate, utcDate } from './time.ts';

/** An ISO 8601 duration of one unit: `P60D`, `P2W`, `P12M`, `P1Y`. */
export type Period = string;

export const PERIOD_PATTERN = /^P([1-9]\d{0,3})([DWMY])$/;

/** A day of the year: `12-31`. 29 February is the 28th in other years. */
export const DAY_OF_YEAR_PATTERN =
  /^(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])$|^(0[469]|11)-(0[1-9]|[12]\d|30)$|^02-(0[1-9]|[12]\d)$/;

/**
 * The calendar day that lies a period after another. Short months clamp: a month after 31 January is
 * the last day of February.
 * @throws RangeError for anything but a period
 */
export function addPeriod(date: BusinessDate, period: Period): BusinessDate {
  const match = PERIOD_PATTERN.exec(period);
  if (!match) throw new RangeError(`not a period: ${period}`);
  const count = Number(match[1]);
  const [year, month, day] = parts(date);
  const unit = match[2] as 'D' | 'W' | 'M' | 'Y';
  switch (unit) {
    case 'D':
      return utcDate(Date.UTC(year, month - 1, day + count));
    case 'W':
      return utcDate(Date.UTC(year, month - 1, day + 7 * count));
    case 'M':
      return clamped(year, month + count, day);
    case 'Y':
      return clamped(year + count, month, day);
    default:
      return unit satisfies never;
  }
}

/**
 * The first of some days of the year that falls on a date or after it.
 * @param days as `MM-DD`; at least one
 */
export function nextDayOfYear(date: BusinessDate, days: readonly string[]): BusinessDate {
  const [year] = parts(date);
  const candidates = [year, year + 1].flatMap((y) =>
    days.map((text) => clamped(y, Number(text.slice(0, 2)), Number(text.slice(3)))),
  );
  const [next] = candidates.filter((day) => day >= date).sort();
  if (next === undefined) throw new RangeError('no day of the year given');
  return next;
}

function parts(date: BusinessDate): [year: number, month: number, day: number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
}

/** @param month from 1, and over 12 in the years after */
function clamped(year: number, month: number, day: number): BusinessDate {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return utcDate(Date.UTC(year, month - 1, Math.min(day, lastDay)));
}
