import { expect, test } from '@jest/globals';
import { aBusiness, NOON } from '../../tests/builders/domain.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import { acceptOccurredAt } from './business.ts';

test.each([
  ['now', 0, 'accepted'],
  ['5 minutes ahead', 5 * MINUTE_MS, 'accepted'],
  ['5 minutes and 1 ms ahead', 5 * MINUTE_MS + 1, 'in-future'],
  ['30 days back', -30 * DAY_MS, 'accepted'],
  ['30 days and 1 ms back', -30 * DAY_MS - 1, 'too-old'],
] as const)('a sale that occurred %s is %3$s', (_, offset, expected) => {
  const times = { occurredAt: NOON + offset, receivedAt: NOON };
  expect(acceptOccurredAt(aBusiness(), times)).toBe(expected);
});

test('the window is the business’s own: a replay opens it wide, and zero closes it', () => {
  const old = { occurredAt: NOON - 3650 * DAY_MS, receivedAt: NOON };
  expect(acceptOccurredAt(aBusiness({ acceptPastDays: 3650 }), old)).toBe('accepted');
  const closed = aBusiness({ acceptPastDays: 0, acceptFutureMinutes: 0 });
  expect(acceptOccurredAt(closed, { occurredAt: NOON, receivedAt: NOON })).toBe('accepted');
  expect(acceptOccurredAt(closed, { occurredAt: NOON, receivedAt: NOON + 1 })).toBe('too-old');
  expect(acceptOccurredAt(closed, { occurredAt: NOON + 1, receivedAt: NOON })).toBe('in-future');
});
