import { describe, expect, test } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../values/time.ts';
import { GIVE_UP_MS, hasFailedTooLong, judge, MAX_TRIES, type TryResult } from './retry.ts';

const at = Date.parse('2026-11-22T08:00:00Z');
const arrived: TryResult = { kind: 'arrived', status: 204 };
const failed = (over: object = {}): TryResult => ({
  kind: 'failed',
  failure: 'rejected',
  status: 500,
  retryAfterMs: null,
  ...over,
});
const fresh = { tries: 0, giveUpAt: at + GIVE_UP_MS };

/** When each try is made if all fail, after the first; and how it ends. */
function life(random: number): number[] {
  const times: number[] = [];
  let now = at;
  for (let tries = 0; ; tries += 1) {
    times.push(now - at);
    const verdict = judge(failed(), { tries, giveUpAt: at + GIVE_UP_MS }, now, random);
    if (verdict.status !== 'pending') return times;
    now = verdict.dueAt;
  }
}

describe('a delivery that fails', () => {
  test.each([0, 0.5, 0.999])('is tried ten times within 76 hours, jitter %d', (random) => {
    const times = life(random);
    expect(times).toHaveLength(MAX_TRIES);
    expect(times.at(-1)).toBeLessThan(76 * HOUR_MS);
    expect(times.at(-1)).toBeGreaterThan(60 * HOUR_MS);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('is tried again soon at first, with up to a fifth off the pause', () => {
    expect(judge(failed(), fresh, at, 0)).toEqual({ status: 'pending', dueAt: at + 5_000 });
    expect(judge(failed(), fresh, at, 0.5)).toEqual({ status: 'pending', dueAt: at + 4_500 });
  });

  test('waits as long as the receiver asks for, never less than its own pause', () => {
    const hour = judge(failed({ retryAfterMs: HOUR_MS }), fresh, at, 0);
    expect(hour).toEqual({ status: 'pending', dueAt: at + HOUR_MS });
    const second = judge(failed({ retryAfterMs: 1_000 }), fresh, at, 0);
    expect(second).toEqual({ status: 'pending', dueAt: at + 5_000 });
  });

  test('is not put off beyond its 76 hours, and one that is past them fails', () => {
    const near = { tries: 3, giveUpAt: at + MINUTE_MS };
    const asked = failed({ retryAfterMs: DAY_MS });
    expect(judge(asked, near, at, 0)).toEqual({ status: 'pending', dueAt: at + MINUTE_MS });
    expect(judge(failed(), near, at + MINUTE_MS, 0)).toEqual({ status: 'failed' });
    expect(judge(failed(), near, at + MINUTE_MS - 1, 0)).toMatchObject({ status: 'pending' });
  });

  test('that nobody will ever take is not tried again', () => {
    expect(judge(failed({ status: 410 }), fresh, at, 0)).toEqual({ status: 'failed' });
  });

  test('and arrives at last is delivered, at whatever try', () => {
    expect(judge(arrived, { tries: 9, giveUpAt: at }, at, 0)).toEqual({ status: 'delivered' });
  });
});

test('an endpoint has failed too long after five days, and not a moment before', () => {
  expect(hasFailedTooLong(at, at + 5 * DAY_MS)).toBe(true);
  expect(hasFailedTooLong(at, at + 5 * DAY_MS - 1)).toBe(false);
  expect(hasFailedTooLong(null, at)).toBe(false);
});
