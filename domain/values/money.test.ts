import { describe, expect, test } from '@jest/globals';
import { formatMoney, isCurrency, minorDigits } from './money.ts';

describe('money', () => {
  test.each([
    ['EUR', 2, 375, '3.75 EUR'],
    ['EUR', 2, 300, '3.00 EUR'],
    ['EUR', 2, 310, '3.10 EUR'],
    ['EUR', 2, 5, '0.05 EUR'],
    ['EUR', 2, 0, '0.00 EUR'],
    ['EUR', 2, -5, '-0.05 EUR'],
    ['JPY', 0, 375, '375 JPY'],
    ['JPY', 0, 0, '0 JPY'],
    ['JPY', 0, 1000, '1000 JPY'],
    ['KWD', 3, 1250, '1.250 KWD'],
    ['KWD', 3, 1, '0.001 KWD'],
  ])('%s has %i decimals: %i minor units read %s', (currency, digits, amount, text) => {
    expect(minorDigits(currency)).toBe(digits);
    expect(formatMoney({ amount, currency })).toBe(text);
  });

  test.each(['EU', 'eur', 'XYZ', '', 'BTC'])('%j is no ISO 4217 currency', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => minorDigits(code)).toThrow(RangeError);
  });

  test('a listed currency is one', () => {
    expect(isCurrency('EUR')).toBe(true);
  });
});
