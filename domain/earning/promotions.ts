import type { Promotion } from '../programs/program.ts';
import { parseDecimal } from '../values/decimal.ts';
import type { BusinessDate } from '../values/time.ts';

/** Multipliers are scaled integers: 2.5 is 2_500_000. */
export const MULTIPLIER_SCALE = 6;
export const MULTIPLIER_ONE = 10n ** BigInt(MULTIPLIER_SCALE);

export interface Multiplier {
  scaled: bigint;
  /** The promotion it comes from; absent for × 1. */
  name?: string;
}

/** The largest multiplier of the promotions that apply on a business date; × 1 when none does. */
export function multiplierAt(promotions: readonly Promotion[], date: BusinessDate): Multiplier {
  let best: Multiplier = { scaled: MULTIPLIER_ONE };
  for (const promotion of promotions) {
    if (promotion.weekdays && !promotion.weekdays.includes(isoWeekday(date))) continue;
    const scaled = parseDecimal(promotion.multiplier, MULTIPLIER_SCALE);
    if (scaled > best.scaled) best = { scaled, name: promotion.name };
  }
  return best;
}

/** 1 = Monday … 7 = Sunday, as ISO 8601 counts. */
export function isoWeekday(date: BusinessDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}
