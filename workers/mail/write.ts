import type { WeekFigures } from '../../domain/mail/week.ts';
import { minorDigits, type Money } from '../../domain/values/money.ts';
import type { BusinessDate, Instant } from '../../domain/values/time.ts';
import type { Unit } from '../../domain/values/units.ts';
import type { MailContent } from './content.ts';
import type { Tongue } from './languages/index.ts';
import type { CodePurpose, Figure, Texts } from './languages/texts.ts';

/** Mails in words, in somebody's language. `app` is what their button opens. */

export function welcome(
  { texts }: Tongue,
  { brand, app }: { brand: { name: string }; app: string },
): MailContent {
  const { button, ...words } = texts.welcome({ brand: brand.name });
  return { ...words, button: { label: button, url: app } };
}

export function reward(
  tongue: Tongue,
  about: {
    brand: { name: string };
    reward: string;
    expiresAt: Instant | null;
    zone: string;
    app: string;
  },
): MailContent {
  const { brand, expiresAt, zone } = about;
  const said = tongue.texts.reward({ brand: brand.name, reward: about.reward });
  const { button, label, validUntil, ...words } = said;
  const note = expiresAt === null ? undefined : validUntil(longDay(tongue, expiresAt, zone));
  return {
    ...words,
    highlight: { label, value: about.reward, note },
    button: { label: button, url: `${about.app}/rewards` },
  };
}

export function expiry(
  tongue: Tongue,
  about: {
    brand: { name: string };
    unit: Unit;
    /** As the event tells it: whole stamps, or points as a decimal. */
    written: number | string;
    rewards: readonly string[];
    expiresOn: BusinessDate;
    app: string;
  },
): MailContent {
  const { texts } = tongue;
  const count = Number(about.written);
  const number = decimal(tongue, count);
  const { button, label, until, ...words } = texts.expiry({
    brand: about.brand.name,
    amount: count > 0 ? texts.count(about.unit, count, number) : null,
    rewards: about.rewards,
    day: longDay(tongue, Date.parse(about.expiresOn), 'UTC'),
  });
  return {
    ...words,
    highlight: { label: until, value: label },
    button: { label: button, url: about.app },
  };
}

export function level(
  tongue: Tongue,
  about: { brand: { name: string }; level: string; until: Instant; zone: string; app: string },
): MailContent {
  const said = tongue.texts.level({ brand: about.brand.name, level: about.level });
  const { button, label, until, ...words } = said;
  const note = until(longDay(tongue, about.until, about.zone));
  return {
    ...words,
    highlight: { label, value: about.level, note },
    button: { label: button, url: about.app },
  };
}

/** @param about.missing minor units of the currency where it is money; else as the event tells it */
export function levelEnds(
  tongue: Tongue,
  about: {
    brand: { name: string };
    level: string;
    next: string | null;
    missing: number | string;
    missingOf: 'earned' | 'spend';
    unit: Unit;
    currency: string;
    fallsAt: Instant;
    zone: string;
    app: string;
  },
): MailContent {
  const { brand, currency, missingOf, unit } = about;
  const count = Number(about.missing);
  const missing =
    missingOf === 'spend'
      ? formatMoney(tongue, { amount: count, currency })
      : tongue.texts.count(unit, count, decimal(tongue, count));
  const { button, label, ...words } = tongue.texts.levelEnds({
    brand: brand.name,
    level: about.level,
    next: about.next,
    missing,
    day: longDay(tongue, about.fallsAt, about.zone),
  });
  return {
    ...words,
    highlight: { label, value: missing },
    button: { label: button, url: about.app },
  };
}

export function invitation(
  { texts }: Tongue,
  about: { business: string; role: keyof Texts['roles']; app: string },
): MailContent {
  const { business, role } = about;
  const { button, ...words } = texts.invitation({ business, role: texts.roles[role] });
  return { ...words, button: { label: button, url: about.app } };
}

export function week(
  tongue: Tongue,
  report: {
    business: string;
    from: BusinessDate;
    to: BusinessDate;
    figures: WeekFigures;
    weekBefore: WeekFigures;
    app: string;
  },
): MailContent {
  const { texts } = tongue;
  const { business, from, to } = report;
  const { button, ...words } = texts.week({ business, period: daysFrom(tongue, from, to) });
  const [sales, ...others] = figureRows(tongue, report);
  return {
    ...words,
    rows: [...(sales ? [sales] : []), ...moneyRows(tongue, report), ...others],
    button: { label: button, url: report.app },
  };
}

export function code(
  { texts }: Tongue,
  about: { purpose: CodePurpose; brand: string; code: string },
): MailContent {
  const { label, note, ...words } = texts.code(about);
  return { ...words, highlight: { label, value: about.code, note, isCode: true } };
}

export function endpointDisabled(
  { texts }: Tongue,
  about: { business: string; endpoint: string; reason: 'gone' | 'failing'; app: string },
): MailContent {
  const { button, ...words } = texts.endpointDisabled(about);
  return { ...words, button: { label: button, url: about.app } };
}

const COUNTED = [
  'sales',
  'customers',
  'newCustomers',
  'rewardsIssued',
  'rewardsRedeemed',
] as const satisfies readonly Exclude<Figure, 'revenue'>[];

type Weeks = { figures: WeekFigures; weekBefore: WeekFigures };

function figureRows(tongue: Tongue, { figures, weekBefore }: Weeks) {
  const number = new Intl.NumberFormat(tongue.locale);
  return COUNTED.map((name) => ({
    label: tongue.texts.figures[name],
    value: number.format(figures[name]),
    change: changeOf(tongue, figures[name], weekBefore[name]),
  }));
}

function moneyRows(tongue: Tongue, { figures, weekBefore }: Weeks) {
  return figures.revenue.map(({ amount, currency }) => {
    const before = weekBefore.revenue.find((other) => other.currency === currency)?.amount ?? 0;
    return {
      label: tongue.texts.figures.revenue,
      value: formatMoney(tongue, { amount, currency }),
      change: changeOf(tongue, amount, before),
    };
  });
}

/** `+12 %`, or nothing where there is nothing to compare with. */
function changeOf(tongue: Tongue, now: number, before: number): string | undefined {
  if (before <= 0) return undefined;
  if (now === before) return tongue.texts.sameAsBefore;
  return new Intl.NumberFormat(tongue.locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 0,
  }).format((now - before) / before);
}

function decimal({ locale }: Tongue, count: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(count);
}

function formatMoney({ locale }: Tongue, { amount, currency }: Money): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}

/** `6 December 2026` */
function longDay({ locale }: Tongue, at: Instant, zone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone }).format(at);
}

/** `16–22 November 2026` */
function daysFrom({ locale }: Tongue, from: BusinessDate, to: BusinessDate): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  return format.formatRange(Date.parse(from), Date.parse(to));
}
