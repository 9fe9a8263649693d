import type { Kpi } from '../../domain/analytics/kpis.ts';
import { minorDigits } from '../../domain/values/money.ts';
import type { Unit } from '../../domain/values/units.ts';

const LOCALE = 'en-GB';
const numbers = new Intl.NumberFormat(LOCALE);
const percents = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const changes = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const days = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dates = new Intl.DateTimeFormat(LOCALE, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const months = new Intl.DateTimeFormat(LOCALE, {
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

export const formatNumber = (value: number) => numbers.format(value);
export const formatShare = (value: number) => percents.format(value);
export const formatChange = (value: number) => changes.format(value);
/** `4 May` */
export const formatDay = (date: string) => days.format(new Date(`${date}T00:00:00Z`));
/** `4 May 2026` */
export const formatDate = (date: string) => dates.format(new Date(`${date}T00:00:00Z`));
/** `May 2026`, of `2026-05` */
export const formatMonth = (month: string) => months.format(new Date(`${month}-01T00:00:00Z`));

/** Minor units as money: `€1,234.50`. @param isShort without the minor part, for an axis */
export function formatMoney(amount: number, currency: string, isShort = false): string {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    minimumFractionDigits: isShort ? 0 : digits,
    maximumFractionDigits: isShort ? 0 : digits,
  });
  return format.format(amount / 10 ** digits);
}

/** A figure as a shopkeeper reads it; a dash where there is none. */
export function formatKpi(kpi: Pick<Kpi, 'kind'>, value: Kpi['value'], currency: string): string {
  if (value === null) return '–';
  if (kpi.kind === 'amount' || typeof value === 'string') return formatAmount(value);
  if (kpi.kind === 'money') return formatMoney(value, currency);
  return kpi.kind === 'share' ? formatShare(value) : formatNumber(value);
}

/** Stamps, or points of which no more than two decimals are worth reading. */
export function formatAmount(value: number | string, unit?: Unit): string {
  const text = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 }).format(Number(value));
  return unit === undefined ? text : `${text} ${unit}${text === '1' ? '' : 's'}`;
}
