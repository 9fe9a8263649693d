import { describe, expect, test } from '@jest/globals';
import { birthdaysUntil } from './birthday.ts';

const monthDays = (today: string, days?: number) =>
  birthdaysUntil(today, days).map(({ monthDay }) => monthDay);

describe('birthdays', () => {
  test('of today and of the days that a late run catches up on', () => {
    expect(birthdaysUntil('2026-03-04', 1)).toEqual([
      { monthDay: 303, date: '2026-03-03' },
      { monthDay: 304, date: '2026-03-04' },
    ]);
    expect(birthdaysUntil('2026-03-20')).toHaveLength(8);
  });

  test('reach over the end of a year, each with its own', () => {
    expect(birthdaysUntil('2027-01-01', 1)).toEqual([
      { monthDay: 1231, date: '2026-12-31' },
      { monthDay: 101, date: '2027-01-01' },
    ]);
  });

  test('on 29 February are on the 28th in common years, and on the day in leap years', () => {
    expect(monthDays('2027-02-27', 0)).toEqual([227]);
    expect(monthDays('2027-02-28', 0)).toEqual([228, 229]);
    expect(monthDays('2027-03-01', 0)).toEqual([301]);
    expect(monthDays('2028-02-28', 0)).toEqual([228]);
    expect(monthDays('2028-02-29', 0)).toEqual([229]);
    expect(monthDays('2100-02-28', 0)).toEqual([228, 229]);
  });
});
