import { describe, expect, test } from '@jest/globals';
import { addPeriod, DAY_OF_YEAR_PATTERN, nextDayOfYear, PERIOD_PATTERN } from './period.ts';

describe('a period', () => {
  test.each([
    ['2026-01-31', 'P1M', '2026-02-28'],
    ['2028-01-31', 'P1M', '2028-02-29'],
    ['2026-01-30', 'P1M', '2026-02-28'],
    ['2026-01-28', 'P1M', '2026-02-28'],
    ['2026-08-31', 'P1M', '2026-09-30'],
    ['2026-12-31', 'P2M', '2027-02-28'],
    ['2026-03-15', 'P12M', '2027-03-15'],
    ['2028-02-29', 'P12M', '2029-02-28'],
    ['2028-02-29', 'P1Y', '2029-02-28'],
    ['2028-02-29', 'P4Y', '2032-02-29'],
    ['2024-03-01', 'P60D', '2024-04-30'],
    ['2026-12-25', 'P2W', '2027-01-08'],
    ['2026-12-31', 'P1D', '2027-01-01'],
  ])('after %s, %s ends on %s: short months clamp', (date, period, end) => {
    expect(addPeriod(date, period)).toBe(end);
  });

  test.each(['', 'P0D', '60D', 'P1M2D', 'PT24H', 'P-1D', 'P1.5M', 'P12345D'])(
    '%p is none',
    (text) => {
      expect(PERIOD_PATTERN.test(text)).toBe(false);
      expect(() => addPeriod('2026-01-01', text)).toThrow(RangeError);
    },
  );
});

describe('a day of the year', () => {
  test.each([
    ['2026-12-30', ['12-31'], '2026-12-31'],
    ['2026-12-31', ['12-31'], '2026-12-31'],
    ['2027-01-01', ['12-31'], '2027-12-31'],
    ['2026-06-30', ['12-31', '06-30'], '2026-06-30'],
    ['2026-07-01', ['12-31', '06-30'], '2026-12-31'],
    ['2026-02-01', ['02-29'], '2026-02-28'],
    ['2028-02-29', ['02-29'], '2028-02-29'],
    ['2026-03-01', ['02-29'], '2027-02-28'],
  ])('from %s on, the next of %p is %s', (date, days, next) => {
    expect(nextDayOfYear(date, days)).toBe(next);
  });

  test.each(['02-30', '04-31', '13-01', '00-10', '1-1', '12-32'])('%s does not exist', (text) => {
    expect(DAY_OF_YEAR_PATTERN.test(text)).toBe(false);
  });
});
