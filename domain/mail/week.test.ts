import { expect, test } from '@jest/globals';
import { lastWeek, weekBefore } from './week.ts';

const at = (text: string, zone = 'Europe/Lisbon') => lastWeek(Date.parse(text), zone);

test('a week is over with its Sunday, where the business is', () => {
  expect(at('2026-11-22T23:59:59Z')).toEqual({ from: '2026-11-09', to: '2026-11-15' });
  expect(at('2026-11-23T00:00:00Z')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
  expect(at('2026-11-22T15:00:00Z', 'Asia/Tokyo')).toEqual({
    from: '2026-11-16',
    to: '2026-11-22',
  });
  expect(at('2026-11-23T04:59:59Z', 'America/New_York').to).toBe('2026-11-15');
});

test('the week before is seven days earlier, over the end of a year too', () => {
  expect(weekBefore(at('2027-01-11T12:00:00Z'))).toEqual({ from: '2026-12-28', to: '2027-01-03' });
});
