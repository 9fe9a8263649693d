import { describe, expect, test } from '@jest/globals';
import { isInPeriod, isMeant, limitPeriod, NEW_CUSTOMER } from './customer-facts.ts';

describe('the week around a birthday', () => {
  const isWeek = (birthday: string | null, date: string) =>
    isMeant({ kind: 'birthdayWeek' }, { ...NEW_CUSTOMER, birthday }, date);

  test.each([
    ['1990-06-15', '2026-06-11', false],
    ['1990-06-15', '2026-06-12', true],
    ['1990-06-15', '2026-06-15', true],
    ['1990-06-15', '2026-06-18', true],
    ['1990-06-15', '2026-06-19', false],
    ['1990-01-01', '2025-12-28', false],
    ['1990-01-01', '2025-12-29', true],
    ['1990-12-31', '2026-01-03', true],
    ['1990-12-31', '2026-01-04', false],
    ['2000-02-29', '2026-02-25', true],
    ['2000-02-29', '2026-03-03', true],
    ['2000-02-29', '2026-03-04', false],
    ['2000-02-29', '2028-03-03', true],
  ])('is three days either side of it: born %s, on %s it is %s', (birthday, date, expected) => {
    expect(isWeek(birthday, date)).toBe(expected);
  });

  test('is never, where the birthday is not known', () => {
    expect(isWeek(null, '2026-06-15')).toBe(false);
  });
});

test('a tag and a first purchase are what they say', () => {
  const regular = { ...NEW_CUSTOMER, isFirstPurchase: false, tags: ['student'] };
  const today = '2026-03-04';
  expect(isMeant({ kind: 'tag', tag: 'student' }, regular, today)).toBe(true);
  expect(isMeant({ kind: 'tag', tag: 'stud' }, regular, today)).toBe(false);
  expect(isMeant({ kind: 'firstPurchase' }, regular, today)).toBe(false);
  expect(isMeant({ kind: 'firstPurchase' }, NEW_CUSTOMER, today)).toBe(true);
});

describe('the period of a limit', () => {
  test.each([
    ['day', '2026-03-04', '2026-03-04', '2026-03-04'],
    // Monday to Sunday, also over the end of a year.
    ['week', '2026-03-02', '2026-03-02', '2026-03-08'],
    ['week', '2026-03-08', '2026-03-02', '2026-03-08'],
    ['week', '2026-01-01', '2025-12-29', '2026-01-04'],
    ['month', '2026-02-15', '2026-02-01', '2026-02-28'],
    ['month', '2028-02-29', '2028-02-01', '2028-02-29'],
    ['month', '2026-12-31', '2026-12-01', '2026-12-31'],
  ] as const)('a %s of %s runs from %s to %s', (per, date, from, to) => {
    expect(limitPeriod(per, date)).toEqual({ from, to });
  });

  test('both its ends are in it, and the days beside them are not', () => {
    const week = limitPeriod('week', '2026-03-04');
    const dates = ['2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09'];
    expect(dates.map((date) => isInPeriod(week, date))).toEqual([false, true, true, false]);
    expect(isInPeriod(limitPeriod('promotion', '2026-03-04'), '1999-01-01')).toBe(true);
  });
});
