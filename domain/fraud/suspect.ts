import { formatMoney } from '../values/money.ts';
import { type Instant, MINUTE_MS, offsetMinutes } from '../values/time.ts';
import { type FraudRules, isOn, type Suspicion, type VelocityRule } from './rules.ts';

/** What judging by velocity and by what is usual must know. Times are of other sales, in any order. */
export interface FraudFacts {
  card: readonly Instant[];
  staff: readonly Instant[];
  store: readonly Instant[];
  /** The store's latest sales. */
  usual: { sales: number; totalMinor: number };
}

/** Before so many sales nobody knows what is usual. */
export const USUAL_SALES = 20;

/** What earned or is about to earn. */
export interface WatchedSale {
  occurredAt: Instant;
  zone: string;
  /** Absent for stamps given by hand. */
  total?: { amount: number; currency: string } | undefined;
}

/** What a program's rules find in a sale, or in stamps given by hand; in the rules' order. */
export function suspectSale(rules: FraudRules, sale: WatchedSale, facts: FraudFacts): Suspicion[] {
  const found: Suspicion[] = [];
  const velocity = (
    rule: 'cardVelocity' | 'staffVelocity' | 'storeVelocity',
    others: readonly Instant[],
    whose: string,
  ) => {
    const setting = rules[rule];
    if (!isOn(setting)) return;
    const seen = fullestWindow(others, sale.occurredAt, setting.withinMinutes * MINUTE_MS);
    if (seen <= setting.count) return;
    found.push({ rule, action: setting.action, text: velocityText(seen, setting, whose) });
  };
  velocity('cardVelocity', facts.card, 'on this card');
  velocity('staffVelocity', facts.staff, 'by this member of staff');
  velocity('storeVelocity', facts.store, 'in this store');
  const offHours = rules.offHours;
  if (isOn(offHours) && isWithin(offHours, sale)) {
    const text = `At ${clockTime(sale)}; nobody should be at work from ${offHours.from} to ${offHours.to}`;
    found.push({ rule: 'offHours', action: offHours.action, text });
  }
  const outlier = outlierText(rules.outlier, sale, facts.usual);
  if (isOn(rules.outlier) && outlier) {
    found.push({ rule: 'outlier', action: rules.outlier.action, text: outlier });
  }
  return found;
}

/** What a program's rules find in a redemption. @param earnedAt when the latest of what paid for it was earned; null where nothing did */
export function suspectRedemption(
  { quickRedeem }: FraudRules,
  { redeemedAt, earnedAt }: { redeemedAt: Instant; earnedAt: Instant | null },
): Suspicion[] {
  if (!isOn(quickRedeem) || earnedAt === null) return [];
  const between = redeemedAt - earnedAt;
  if (between >= quickRedeem.withinMinutes * MINUTE_MS) return [];
  const minutes = Math.max(0, Math.floor(between / MINUTE_MS));
  const text = `Redeemed ${minutes} min after it was earned; less than ${quickRedeem.withinMinutes} min looks arranged`;
  return [{ rule: 'quickRedeem', action: quickRedeem.action, text }];
}

/**
 * The most sales, this one included, that any window shorter than `windowMs` around it holds. Both
 * sides count, because an offline till posts its sales in any order.
 */
export function fullestWindow(others: readonly Instant[], at: Instant, windowMs: number): number {
  const near = others
    .filter((other) => Math.abs(other - at) < windowMs)
    .concat(at)
    .sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, time] of near.entries()) {
    while (time - (near[first] ?? time) >= windowMs) first += 1;
    // Only windows that this sale lies in say anything about it.
    if ((near[first] ?? at) <= at && time >= at) most = Math.max(most, last - first + 1);
  }
  return most;
}

function velocityText(seen: number, { count, withinMinutes }: VelocityRule, whose: string): string {
  return `${seen} sales ${whose} within ${withinMinutes} min; more than ${count} is unusual`;
}

/** Whether the store's clocks show a time from `from` up to, not including, `to`. */
function isWithin({ from, to }: { from: string; to: string }, sale: WatchedSale): boolean {
  const time = clockTime(sale);
  return from <= to ? from <= time && time < to : from <= time || time < to;
}

function clockTime({ occurredAt, zone }: WatchedSale): string {
  const local = occurredAt + offsetMinutes(occurredAt, zone) * MINUTE_MS;
  return new Date(local).toISOString().slice(11, 16);
}

function outlierText(
  rule: FraudRules['outlier'],
  { total }: WatchedSale,
  usual: FraudFacts['usual'],
): string | undefined {
  if (!rule || !total) return undefined;
  const { aboveMinor, timesUsual } = rule;
  if (aboveMinor !== undefined && total.amount > aboveMinor) {
    return `A sale of ${formatMoney(total)}; more than ${formatMoney({ ...total, amount: aboveMinor })} is unusual`;
  }
  if (timesUsual === undefined || usual.sales < USUAL_SALES) return undefined;
  // In integers: total > times × sum ÷ count.
  if (total.amount * usual.sales <= timesUsual * usual.totalMinor) return undefined;
  const average = { ...total, amount: Math.round(usual.totalMinor / usual.sales) };
  return `A sale of ${formatMoney(total)}, more than ${timesUsual} times the store’s usual ${formatMoney(average)}`;
}
