import { parseDecimal, toSafeInteger } from '../values/decimal.ts';
import type { Money } from '../values/money.ts';
import type { ProgramId } from '../values/ids.ts';
import { ledgerUnitsPerWhole, presentAmount, type Unit } from '../values/units.ts';
import type { Holding } from './readings.ts';

const VALUE_SCALE = 6;

/**
 * What an amount of a program is worth to its holders, rounded down; null where nothing says what a
 * point is worth.
 */
export function valueOf(
  { pointValueMinor, unit, currency }: Pick<Holding, 'pointValueMinor' | 'unit' | 'currency'>,
  amount: number,
): Money | null {
  if (pointValueMinor === null) return null;
  const scaled = BigInt(amount) * parseDecimal(pointValueMinor, VALUE_SCALE);
  const whole = BigInt(ledgerUnitsPerWhole(unit)) * 10n ** BigInt(VALUE_SCALE);
  return { amount: toSafeInteger(scaled / whole), currency };
}

export const LIABILITY_DEFINITION =
  'Stamps and points on all cards that have not expired, by the month in which they do (as the ' +
  'program’s clock counts; what lapses with inactivity, when it would). Worth what the program in ' +
  'force pays for a point. Of a store: what was given there.';

export const OPEN_REWARDS_DEFINITION = 'Rewards that customers hold and may still use.';

/** What one program's customers hold. */
export interface ProgramLiability {
  programId: ProgramId;
  name: string;
  unit: Unit;
  outstanding: number | string;
  value: Money | null;
  previous: number | string | null;
  byMonth: { month: string | null; amount: number | string; value: Money | null }[];
}

/** @param before what was on all cards at another time; undefined where that is not known */
export function programLiabilities(
  holdings: readonly Holding[],
  before: ReadonlyMap<ProgramId, number> | undefined,
): ProgramLiability[] {
  return [...Map.groupBy(holdings, ({ programId }) => programId)].flatMap(([programId, rows]) => {
    const [program] = rows;
    if (!program) return [];
    const { name, unit } = program;
    const outstanding = rows.reduce((sum, { amount }) => sum + amount, 0);
    return [
      {
        programId,
        name,
        unit,
        outstanding: presentAmount(outstanding, unit),
        value: valueOf(program, outstanding),
        previous: before ? presentAmount(before.get(programId) ?? 0, unit) : null,
        byMonth: rows
          .filter(({ amount }) => amount !== 0)
          .map(({ month, amount }) => ({
            month,
            amount: presentAmount(amount, unit),
            value: valueOf(program, amount),
          })),
      },
    ];
  });
}
