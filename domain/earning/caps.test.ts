import { describe, expect, test } from '@jest/globals';
import { NOON } from '../../tests/builders/domain.ts';
import type { Caps } from '../programs/program.ts';
import { MINUTE_MS } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import { applyCaps, type Earning, needsEarnings } from './caps.ts';

const TODAY = '2026-03-04';

function capped(
  wanted: number,
  caps: Caps,
  earnings: readonly Earning[] = [],
  unit: Unit = 'stamp',
) {
  const context = { unit, occurredAt: NOON, businessDate: TODAY, earnings };
  const { steps, ...amounts } = applyCaps(wanted, caps, context);
  return {
    ...amounts,
    codes: steps.map((step) => step.code),
    texts: steps.map((step) => step.text),
  };
}
const earned = (amount: number, over: Partial<Earning> = {}): Earning => ({
  occurredAt: NOON,
  businessDate: TODAY,
  amount,
  ...over,
});

test('without caps everything is given, whatever was earned before', () => {
  expect(capped(7, {}, [earned(100)])).toMatchObject({ amount: 7, capped: 0, codes: [] });
});

describe('per transaction', () => {
  test.each([
    [2, 2, 0],
    [3, 3, 0],
    [4, 3, 1],
  ])('at most 3: of %i, %i are given and %i taken away', (wanted, amount, taken) => {
    const codes = taken > 0 ? ['cap-transaction'] : [];
    expect(capped(wanted, { perTransaction: '3' })).toMatchObject({ amount, capped: taken, codes });
  });

  test('what was earned before does not count', () => {
    expect(capped(3, { perTransaction: '3' }, [earned(3)]).amount).toBe(3);
  });

  test('points are capped to the micro-point', () => {
    expect(capped(2_500_001, { perTransaction: '2.5' }, [], 'point')).toMatchObject({
      amount: 2_500_000,
      capped: 1,
      texts: ['At most 2.5 points per purchase: 0.000001 points not given'],
    });
  });
});

describe('per business day', () => {
  test.each([
    [0, 2, 2],
    [1, 2, 2],
    [2, 2, 1],
    [3, 2, 0],
    [4, 2, 0],
  ])('at most 3 a day: after %i, of %i more %i are given', (before, wanted, amount) => {
    const outcome = capped(wanted, { perBusinessDay: '3' }, before > 0 ? [earned(before)] : []);
    expect(outcome).toMatchObject({ amount, capped: wanted - amount });
    expect(outcome.codes).toEqual(amount < wanted ? ['cap-business-day'] : []);
  });

  test('several earnings of the day add up, in whatever order they occurred', () => {
    const earnings = [
      earned(1, { occurredAt: NOON + MINUTE_MS }),
      earned(1, { occurredAt: NOON - MINUTE_MS }),
    ];
    expect(capped(2, { perBusinessDay: '3' }, earnings).amount).toBe(1);
  });

  test.each(['2026-03-03', '2026-03-05'])(
    'what was earned on %s does not count',
    (businessDate) => {
      expect(capped(2, { perBusinessDay: '3' }, [earned(3, { businessDate })]).amount).toBe(2);
    },
  );

  test('the trace names the day and what was not given', () => {
    expect(capped(2, { perBusinessDay: '3' }, [earned(2)]).texts).toEqual([
      `At most 3 stamps on ${TODAY}: 1 stamp not given`,
    ]);
  });
});

describe('minimum minutes between', () => {
  const tenMinutes = { minimumMinutesBetween: 10 };

  test.each([
    ['a millisecond under 10 minutes before', -10 * MINUTE_MS + 1, 0],
    ['10 minutes before', -10 * MINUTE_MS, 1],
    ['at the same moment', 0, 0],
    ['a millisecond under 10 minutes after (this sale arrived late)', 10 * MINUTE_MS - 1, 0],
    ['10 minutes after (this sale arrived late)', 10 * MINUTE_MS, 1],
  ])('with an earning %s, %3$i is given', (_, offset, amount) => {
    const outcome = capped(1, tenMinutes, [earned(1, { occurredAt: NOON + offset })]);
    expect(outcome.amount).toBe(amount);
    expect(outcome.codes).toEqual(amount === 0 ? ['cap-interval'] : []);
  });

  test('it does not stop at midnight', () => {
    const lateYesterday = earned(1, { occurredAt: NOON - MINUTE_MS, businessDate: '2026-03-03' });
    expect(capped(1, tenMinutes, [lateYesterday]).amount).toBe(0);
  });

  test('it takes everything, not all but one', () => {
    const outcome = capped(5, tenMinutes, [earned(1)]);
    expect(outcome).toMatchObject({ amount: 0, capped: 5 });
  });
});

describe('several caps', () => {
  test('each that takes something away is told, and together they take what is missing', () => {
    const outcome = capped(9, { perTransaction: '5', perBusinessDay: '6' }, [earned(4)]);
    expect(outcome).toMatchObject({
      amount: 2,
      capped: 7,
      codes: ['cap-transaction', 'cap-business-day'],
    });
    expect(outcome.texts[0]).toContain('4 stamps not given');
    expect(outcome.texts[1]).toContain('3 stamps not given');
  });

  test('one that has nothing left to take is not told', () => {
    const caps = { minimumMinutesBetween: 1, perTransaction: '5', perBusinessDay: '6' };
    expect(capped(9, caps, [earned(6)]).codes).toEqual(['cap-interval']);
  });

  test('nothing wanted is nothing taken away', () => {
    const caps = { minimumMinutesBetween: 1, perTransaction: '5', perBusinessDay: '6' };
    expect(capped(0, caps, [earned(6)])).toMatchObject({ amount: 0, capped: 0, codes: [] });
  });
});

test.each([
  [{}, false],
  [{ perTransaction: '1' }, false],
  [{ perBusinessDay: '1' }, true],
  [{ minimumMinutesBetween: 1 }, true],
] as const)('caps %j need the other earnings: %s', (caps, expected) => {
  expect(needsEarnings(caps)).toBe(expected);
});
