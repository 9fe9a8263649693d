/** A moment as milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar day `YYYY-MM-DD` as a store counts it. */
export type BusinessDate = string;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const RFC3339 = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads an RFC 3339 date-time that names its offset; NaN for anything else, such as a local time
 * without an offset or 30 February.
 */
export function parseInstant(text: string): Instant {
  if (!RFC3339.test(text)) return Number.NaN;
  const instant = Date.parse(text);
  // Date.parse rolls 2026-02-30 over into March; a till that sends it has a broken clock.
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0));
  return day > lastDay.getUTCDate() ? Number.NaN : instant;
}

/** Whether the runtime's time-zone database knows this IANA name. */
export function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

// Every offset change in the zone database since 2012 falls on a quarter of an hour (one Antarctic
// station aside; St. John's changed at 00:01 before), so one look-up serves a whole quarter. Intl costs about 2 µs a call; a busy worker asks for few quarters.
const QUARTER_MS = 15 * MINUTE_MS;
const MAX_CACHED_QUARTERS = 20_000;
const offsetByQuarter = new Map<string, number>();
const formatByZone = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC that the zone's clocks show at this instant. */
export function offsetMinutes(instant: Instant, zone: string): number {
  const quarter = Math.floor(instant / QUARTER_MS);
  const key = `${zone}/${quarter}`;
  const known = offsetByQuarter.get(key);
  if (known !== undefined) return known;
  if (offsetByQuarter.size >= MAX_CACHED_QUARTERS) offsetByQuarter.clear();
  const offset = lookUpOffset(quarter * QUARTER_MS, zone);
  offsetByQuarter.set(key, offset);
  return offset;
}

// A busy worker asks for the same few days; writing one as text costs half a microsecond.
const MAX_CACHED_DAYS = 4_000;
const dateByDay = new Map<number, BusinessDate>();

/** The calendar day of UTC that an instant falls on. */
export function utcDate(instant: Instant): BusinessDate {
  const day = Math.floor(instant / DAY_MS);
  let date = dateByDay.get(day);
  if (date === undefined) {
    if (dateByDay.size >= MAX_CACHED_DAYS) dateByDay.clear();
    date = new Date(instant).toISOString().slice(0, 10);
    dateByDay.set(day, date);
  }
  return date;
}

/** The date so many days after another; before it where `days` is negative. */
export function plusDays(date: BusinessDate, days: number): BusinessDate {
  return utcDate(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/**
 * The store's business date: the local calendar day after moving the clock back by the day start.
 * A stamp at 03:59 in a shop whose day starts at 04:00 still belongs to yesterday.
 */
export function businessDate(
  instant: Instant,
  store: { zone: string; dayStartMinutes: number },
): BusinessDate {
  const localMinutes = offsetMinutes(instant, store.zone) - store.dayStartMinutes;
  return utcDate(instant + localMinutes * MINUTE_MS);
}

/** The local calendar day an instant falls on. */
export function localDate(instant: Instant, zone: string): BusinessDate {
  return businessDate(instant, { zone, dayStartMinutes: 0 });
}

/**
 * The last millisecond of the local day that lies `days` after `date`. Where midnight does not exist
 * (clocks jump at 00:00) the day ends when the jump happens; where its last hour happens twice, with
 * the second.
 */
export function endOfDay(date: BusinessDate, days: number, zone: string): Instant {
  const nextMidnightUtc = Date.parse(`${date}T00:00:00Z`) + (days + 1) * DAY_MS;
  const day = utcDate(nextMidnightUtc - 1);
  // A day either side of local midnight shows the offsets before and after any change of clocks.
  const ends = [nextMidnightUtc - DAY_MS, nextMidnightUtc + DAY_MS].map(
    (near) => nextMidnightUtc - offsetMinutes(near, zone) * MINUTE_MS - 1,
  );
  return Math.max(...ends.filter((end) => localDate(end, zone) <= day));
}

function lookUpOffset(instant: Instant, zone: string): number {
  let format = formatByZone.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formatByZone.set(zone, format);
  }
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name ?? '');
  if (!match) throw new RangeError(`no offset for ${zone}`);
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

/** In UTC, as RFC 3339 with milliseconds: `2026-11-22T08:41:07.000Z`. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}
