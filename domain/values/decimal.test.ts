import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatDecimal, parseDecimal, roundHalfUpDiv, toSafeInteger } from './decimal.ts';

describe('parseDecimal', () => {
  test.each([
    ['0', 0, 0n],
    ['12', 0, 12n],
    ['1.5', 6, 1_500_000n],
    ['0.345', 3, 345n],
    ['0.000001', 6, 1n],
    ['1.50', 2, 150n],
    ['999999999999.999999', 6, 999_999_999_999_999_999n],
  ])('reads %s at scale %i exactly', (text, scale, expected) => {
    expect(parseDecimal(text, scale)).toBe(expected);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '1e3',
    '.5',
    '1.',
    '-1',
    '+1',
    '01',
    '00',
    '1,5',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '١',
    '1.1234567',
    '1000000000000',
  ])('refuses %j, which is no decimal string', (text) => {
    expect(() => parseDecimal(text, 6)).toThrow(RangeError);
  });

  test.each([
    ['1.5', 0],
    ['1.0', 0],
    ['1.234', 2],
  ])('refuses %s at scale %i rather than dropping decimals', (text, scale) => {
    expect(() => parseDecimal(text, scale)).toThrow(RangeError);
  });
});

describe('formatDecimal', () => {
  test.each([
    [8_250_000, 6, '8.25'],
    [8_000_000, 6, '8'],
    [1, 6, '0.000001'],
    [0, 6, '0'],
    [0, 0, '0'],
    [100, 0, '100'],
    [-5, 2, '-0.05'],
    [-1_500_000n, 6, '-1.5'],
  ])('writes %s at scale %i as %s', (value, scale, expected) => {
    expect(formatDecimal(value, scale)).toBe(expected);
  });

  test('what is written is read back the same', () => {
    const scales = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }), scales, (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
      }),
    );
  });
});

test.each([
  [0n, 2n, 0n],
  [1n, 2n, 1n],
  [49n, 100n, 0n],
  [50n, 100n, 1n],
  [149n, 100n, 1n],
  [1n, 3n, 0n],
  [2n, 3n, 1n],
])('%d / %d rounds half up to %d', (numerator, denominator, expected) => {
  expect(roundHalfUpDiv(numerator, denominator)).toBe(expected);
});

test('a number that would lose a unit is refused', () => {
  expect(toSafeInteger(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => toSafeInteger(2n ** 53n)).toThrow(RangeError);
});
