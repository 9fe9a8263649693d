import { describe, expect, test } from '@jest/globals';
import { at, NOON } from '../../tests/builders/domain.ts';
import { MINUTE_MS } from '../values/time.ts';
import type { FraudRules } from './rules.ts';
import { type FraudFacts, fullestWindow, suspectRedemption, suspectSale } from './suspect.ts';

const NOBODY: FraudFacts = { card: [], staff: [], store: [], usual: { sales: 0, totalMinor: 0 } };

function found(
  rules: FraudRules,
  over: { facts?: Partial<FraudFacts>; occurredAt?: number; amount?: number } = {},
) {
  const total = { amount: over.amount ?? 1_000, currency: 'EUR' };
  const sale = { occurredAt: over.occurredAt ?? NOON, zone: 'Europe/Lisbon', total };
  return suspectSale(rules, sale, { ...NOBODY, ...over.facts });
}

const minutesAgo = (...minutes: number[]) => minutes.map((n) => NOON - n * MINUTE_MS);

describe.each(['card', 'staff', 'store'] as const)('velocity per %s', (scope) => {
  const rule = `${scope}Velocity` as const;
  const rules: FraudRules = { [rule]: { action: 'hold', count: 2, withinMinutes: 10 } };

  test('lets as many through as it says, and finds the next', () => {
    expect(found(rules, { facts: { [scope]: minutesAgo(3) } })).toEqual([]);
    expect(found(rules, { facts: { [scope]: minutesAgo(3, 6) } })).toMatchObject([
      { rule, action: 'hold' },
    ]);
  });

  test('counts within the minutes, not at their end', () => {
    const just = [NOON - 10 * MINUTE_MS + 1, NOON - 1];
    expect(found(rules, { facts: { [scope]: just } })).toHaveLength(1);
    expect(found(rules, { facts: { [scope]: [NOON - 10 * MINUTE_MS, NOON - 1] } })).toEqual([]);
  });

  test('is silent when it is off, and about others', () => {
    const off: FraudRules = { [rule]: { action: 'off', count: 1, withinMinutes: 10 } };
    expect(found(off, { facts: { [scope]: minutesAgo(1, 2, 3) } })).toEqual([]);
    const other = scope === 'card' ? 'staff' : 'card';
    expect(found(rules, { facts: { [other]: minutesAgo(1, 2, 3) } })).toEqual([]);
  });
});

describe('the fullest window', () => {
  test('finds a burst whatever order it arrives in', () => {
    const burst = [0, 1, 2, 3, 4].map((n) => NOON + n * MINUTE_MS);
    for (const time of burst) {
      const others = burst.filter((other) => other !== time);
      expect(fullestWindow(others, time, 10 * MINUTE_MS)).toBe(5);
    }
  });

  test('does not add up what lies on two sides of it', () => {
    const around = [-9, -8, 8, 9].map((n) => NOON + n * MINUTE_MS);
    expect(fullestWindow(around, NOON, 10 * MINUTE_MS)).toBe(3);
  });

  test('counts what happened in the same moment', () => {
    expect(fullestWindow([NOON, NOON], NOON, MINUTE_MS)).toBe(3);
  });
});

describe('off hours', () => {
  const overnight: FraudRules = { offHours: { action: 'flag', from: '22:00', to: '06:00' } };

  test.each([
    ['2026-03-04T21:59:59Z', 0],
    ['2026-03-04T22:00:00Z', 1],
    ['2026-03-05T05:59:59Z', 1],
    ['2026-03-05T06:00:00Z', 0],
  ])('past midnight, %s gives %i', (time, count) => {
    expect(found(overnight, { occurredAt: at(time) })).toHaveLength(count);
  });

  test('are the store’s own, summer time included', () => {
    const daytime: FraudRules = { offHours: { action: 'flag', from: '13:00', to: '14:00' } };
    expect(found(daytime, { occurredAt: at('2026-07-01T12:30:00Z') })).toHaveLength(1);
    expect(found(daytime, { occurredAt: at('2026-01-01T12:30:00Z') })).toHaveLength(0);
  });
});

describe('an outlier', () => {
  test('is more than the amount, not the amount', () => {
    const rules: FraudRules = { outlier: { action: 'flag', aboveMinor: 5_000 } };
    expect(found(rules, { amount: 5_000 })).toEqual([]);
    expect(found(rules, { amount: 5_001 })).toMatchObject([
      { text: 'A sale of 50.01 EUR; more than 50.00 EUR is unusual' },
    ]);
  });

  test('is more than so many times the usual, once there is a usual', () => {
    const rules: FraudRules = { outlier: { action: 'flag', timesUsual: 3 } };
    const usual = { sales: 20, totalMinor: 20_000 };
    expect(found(rules, { amount: 3_000, facts: { usual } })).toEqual([]);
    expect(found(rules, { amount: 3_001, facts: { usual } })).toHaveLength(1);
    const few = { sales: 19, totalMinor: 19_000 };
    expect(found(rules, { amount: 90_000, facts: { usual: few } })).toEqual([]);
  });
});

describe('a quick redemption', () => {
  const rules: FraudRules = { quickRedeem: { action: 'hold', withinMinutes: 15 } };

  test('comes less than the minutes after what paid for it', () => {
    const after = (ms: number) =>
      suspectRedemption(rules, { redeemedAt: NOON + ms, earnedAt: NOON });
    expect(after(15 * MINUTE_MS - 1)).toMatchObject([{ rule: 'quickRedeem', action: 'hold' }]);
    expect(after(15 * MINUTE_MS)).toEqual([]);
  });

  test('needs something that was earned, and the rule', () => {
    expect(suspectRedemption(rules, { redeemedAt: NOON, earnedAt: null })).toEqual([]);
    expect(suspectRedemption({}, { redeemedAt: NOON, earnedAt: NOON })).toEqual([]);
  });
});
