import { describe, expect, test } from '@jest/globals';
import { isoWeekday, multiplierAt } from './promotions.ts';

test.each([
  ['2026-03-02', 1],
  ['2026-03-03', 2],
  ['2026-03-07', 6],
  ['2026-03-08', 7],
  ['2028-02-29', 2],
])('%s is ISO weekday %i', (date, expected) => {
  expect(isoWeekday(date)).toBe(expected);
});

describe('multiplierAt', () => {
  const tuesday = '2026-03-03';
  const wednesday = '2026-03-04';

  test('without promotions it is 1 and has no name', () => {
    expect(multiplierAt([], tuesday)).toEqual({ scaled: 1_000_000n });
  });

  test('a weekday promotion applies on its weekdays only', () => {
    const promotions = [{ name: 'Double Tuesday', weekdays: [2, 5], multiplier: '2' }];
    expect(multiplierAt(promotions, tuesday)).toEqual({
      scaled: 2_000_000n,
      name: 'Double Tuesday',
    });
    expect(multiplierAt(promotions, wednesday)).toEqual({ scaled: 1_000_000n });
    expect(multiplierAt(promotions, '2026-03-06').scaled).toBe(2_000_000n);
  });

  test('a promotion without weekdays applies every day; one with an empty list never', () => {
    expect(multiplierAt([{ name: 'All week', multiplier: '1.5' }], wednesday).scaled).toBe(
      1_500_000n,
    );
    const never = [{ name: 'Never', weekdays: [], multiplier: '9' }];
    expect(multiplierAt(never, wednesday).scaled).toBe(1_000_000n);
  });

  test('the largest wins, the first on a tie, and they never add up', () => {
    const promotions = [
      { name: 'a', multiplier: '2' },
      { name: 'b', multiplier: '3' },
      { name: 'c', multiplier: '3' },
    ];
    expect(multiplierAt(promotions, tuesday)).toEqual({ scaled: 3_000_000n, name: 'b' });
  });

  test('a multiplier of 1 or less never takes anything away', () => {
    const promotions = [
      { name: 'one', multiplier: '1' },
      { name: 'half', multiplier: '0.5' },
    ];
    expect(multiplierAt(promotions, tuesday)).toEqual({ scaled: 1_000_000n });
  });
});
