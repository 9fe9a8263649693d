import { describe, expect, test } from '@jest/globals';
import { describeAmount, presentAmount, spendable, toLedgerUnits } from './units.ts';

describe('ledger units', () => {
  test.each([
    ['2', 'stamp', 2],
    ['2', 'point', 2_000_000],
    ['1.5', 'point', 1_500_000],
    ['0.000001', 'point', 1],
  ] as const)('%s %s is %i units', (text, unit, expected) => {
    expect(toLedgerUnits(text, unit)).toBe(expected);
  });

  test.each([
    ['0.5', 'stamp'],
    ['1.0', 'stamp'],
    ['0.0000001', 'point'],
    ['-1', 'point'],
    ['9007199255', 'point'],
  ] as const)('%s %s is refused', (text, unit) => {
    expect(() => toLedgerUnits(text, unit)).toThrow(RangeError);
  });

  test.each([
    [7_999_999, 'point', 7_000_000],
    [8_000_000, 'point', 8_000_000],
    [8_250_000, 'point', 8_000_000],
    [999_999, 'point', 0],
    [7, 'stamp', 7],
  ] as const)('of %i %s units, %i can be spent', (amount, unit, expected) => {
    expect(spendable(amount, unit)).toBe(expected);
  });

  test('stamps are presented as an integer, points as a decimal string', () => {
    expect(presentAmount(3, 'stamp')).toBe(3);
    expect(presentAmount(8_250_000, 'point')).toBe('8.25');
    expect(presentAmount(0, 'point')).toBe('0');
  });

  test.each([
    [1, 'stamp', '1 stamp'],
    [0, 'stamp', '0 stamps'],
    [2, 'stamp', '2 stamps'],
    [1_000_000, 'point', '1 point'],
    [1_000_001, 'point', '1.000001 points'],
    [8_250_000, 'point', '8.25 points'],
  ] as const)('%i %s units read "%s…"', (amount, unit, text) => {
    expect(describeAmount(amount, unit)).toBe(text);
  });
});
