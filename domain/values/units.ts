import { formatDecimal, parseDecimal, toSafeInteger } from './decimal.ts';

/** What a program counts. */
export type Unit = 'stamp' | 'point';

/** Ledger amounts are integers: whole stamps, or micro-points (10^-6 of a point). */
export const MICRO_POINTS_PER_POINT = 1_000_000;
const POINT_SCALE = 6;

/** How many ledger units make one whole stamp or point. */
export function ledgerUnitsPerWhole(unit: Unit): number {
  return unit === 'stamp' ? 1 : MICRO_POINTS_PER_POINT;
}

/**
 * Reads "2" stamps or "1.5" points as ledger units.
 * @throws RangeError for fractions of a stamp, or of a micro-point.
 */
export function toLedgerUnits(text: string, unit: Unit): number {
  return toSafeInteger(parseDecimal(text, unit === 'stamp' ? 0 : POINT_SCALE));
}

/** Ledger units as the API shows them: stamps as an integer, points as a decimal string. */
export function presentAmount(amount: number, unit: Unit): number | string {
  return unit === 'stamp' ? amount : formatDecimal(amount, POINT_SCALE);
}

/** The part of a balance that can be spent: whole stamps, or whole points. */
export function spendable(amount: number, unit: Unit): number {
  const whole = ledgerUnitsPerWhole(unit);
  return Math.floor(amount / whole) * whole;
}

/** An amount in words: `1 stamp`, `8.25 points`. */
export function describeAmount(amount: number, unit: Unit): string {
  const text = String(presentAmount(amount, unit));
  return `${text} ${unit}${text === '1' ? '' : 's'}`;
}

/** How far a balance is on its way to a reward: `7 of 10, 3 to go`. */
export function describeProgress(balance: number, target: number, unit: Unit): string {
  const whole = ledgerUnitsPerWhole(unit);
  const have = Math.floor(balance / whole);
  const need = Math.ceil(target / whole);
  return `${have} of ${need}, ${Math.max(0, need - have)} to go`;
}
