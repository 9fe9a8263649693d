import { describe, expect, test } from '@jest/globals';
import { at } from '../../tests/builders/domain.ts';
import { DAY_MS } from '../values/time.ts';
import { endPeriod, NOTICE_MS } from './end-period.ts';
import {
  holdingAt,
  ladderOf,
  periodEnd,
  stepReached,
  type TierHolding,
  type TierRules,
  tierWindow,
  upgrade,
} from './tiers.ts';

const LISBON = 'Europe/Lisbon';
const rules = (over: Partial<TierRules> = {}): TierRules =>
  ({
    by: 'earned',
    window: { kind: 'calendarYear' },
    downgrade: 'one-step',
    levels: [
      { name: 'Gold', threshold: '500', multiplier: '2' },
      { name: 'Silver', threshold: '100', multiplier: '1.5' },
      { name: 'Platinum', threshold: '1000' },
    ],
    ...over,
  }) as TierRules;
const ladder = ladderOf(rules(), 'point');
const points = (n: number) => ({ earned: n * 1_000_000, spend: 0 });

test.each([
  [99.999999, 0],
  [100, 1],
  [499.999999, 1],
  [500, 2],
  [999.999999, 2],
  [1000, 3],
])('%d points reach step %i, in whatever order levels are written', (n, step) => {
  expect(stepReached(ladder, { earned: Math.round(n * 1_000_000), spend: 0 })).toBe(step);
});

test('levels by spend count minor units of what earns, not points', () => {
  const bySpend = ladderOf(
    rules({ by: 'spend', levels: [{ name: 'Silver', thresholdMinor: 10_000 }] } as object),
    'stamp',
  );
  expect(stepReached(bySpend, { earned: 99, spend: 9_999 })).toBe(0);
  expect(stepReached(bySpend, { earned: 0, spend: 10_000 })).toBe(1);
});

describe('a window', () => {
  test.each([
    ['2026-01-01', '2026-01-01', '2026-12-31'],
    ['2026-12-31', '2026-01-01', '2026-12-31'],
  ])('of a calendar year holds %s from %s to %s', (date, from, to) => {
    expect(tierWindow({ kind: 'calendarYear' }, date)).toEqual({ from, to });
  });

  test.each([
    [12, '2026-03-04', '2025-03-05'],
    [1, '2026-03-31', '2026-03-01'],
    [1, '2028-03-30', '2028-03-01'],
    [12, '2028-02-29', '2027-03-01'],
  ])('of %i months that ends on %s begins on %s', (months, to, from) => {
    expect(tierWindow({ kind: 'rollingMonths', months }, to)).toEqual({ from, to });
  });
});

describe('a period', () => {
  test.each([
    ['2026-06-01T12:00:00Z', '2026-12-31T23:59:59.999Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59.999Z'],
    ['2027-01-01T00:00:00Z', '2027-12-31T23:59:59.999Z'],
  ])('of a year, begun at %s, ends with the local year', (since, until) => {
    expect(periodEnd({ kind: 'calendarYear' }, at(since), LISBON)).toBe(at(until));
  });

  test('of months ends on the same local day of the month, or the last', () => {
    const end = (since: string, months: number) =>
      periodEnd({ kind: 'rollingMonths', months }, at(since), LISBON);
    expect(end('2026-01-31T12:00:00Z', 1)).toBe(at('2026-02-28T23:59:59.999Z'));
    expect(end('2026-01-15T12:00:00Z', 6)).toBe(at('2026-07-15T23:59:59.999+01:00'));
  });
});

const since = at('2026-03-01T12:00:00Z');
const silver: TierHolding = {
  level: 'Silver',
  since,
  until: at('2026-12-31T23:59:59.999Z'),
  noticedAt: null,
};

describe('an upgrade', () => {
  const sale = { at: at('2026-05-01T12:00:00Z'), zone: LISBON };

  test('comes with the sale that reaches the level, and skips levels where it may', () => {
    expect(upgrade(ladder, { history: [], progress: points(99) }, sale)).toBeNull();
    expect(upgrade(ladder, { history: [], progress: points(600) }, sale)).toEqual({
      from: null,
      to: { level: 'Gold', since: sale.at, until: silver.until, noticedAt: null },
    });
    expect(upgrade(ladder, { history: [silver], progress: points(499) }, sale)).toBeNull();
    expect(upgrade(ladder, { history: [silver], progress: points(500) }, sale)?.from).toBe(
      'Silver',
    );
  });

  test('by a late sale begins after the level held now, and never lowers it', () => {
    const late = { at: since - DAY_MS, zone: LISBON };
    const change = upgrade(ladder, { history: [silver], progress: points(500) }, late);
    expect(change?.to.since).toBe(since + 1);
    expect(upgrade(ladder, { history: [silver], progress: points(0) }, late)).toBeNull();
  });
});

test('the level of a moment is the one that was held then', () => {
  const gold = { ...silver, level: 'Gold', since: since + 10 };
  const held = (t: number) => holdingAt([gold, silver], t)?.level;
  expect([since - 1, since, since + 9, since + 10].map(held)).toEqual([
    undefined,
    'Silver',
    'Silver',
    'Gold',
  ]);
});

describe('the end of a period', () => {
  const gold = { ...silver, level: 'Gold' };
  const decide = (holding: TierHolding, n: number, now: number, over: Partial<TierRules> = {}) =>
    endPeriod(
      ladderOf(rules(over), 'point'),
      { holding, progress: points(n) },
      { now, zone: LISBON },
    );
  const { until } = silver;
  const told = (holding: TierHolding, noticedAt: number) => ({ ...holding, noticedAt });

  test('with enough reached keeps the level for another period, and not before it is over', () => {
    expect(decide(gold, 500, until)).toEqual({ kind: 'wait' });
    expect(decide(gold, 500, until + 1)).toEqual({
      kind: 'keep',
      holding: { ...gold, until: at('2027-12-31T23:59:59.999Z') },
    });
  });

  test('is told two weeks ahead, with what is missing', () => {
    expect(decide(gold, 499, until - NOTICE_MS - 1)).toEqual({ kind: 'wait' });
    expect(decide(gold, 499, until - NOTICE_MS)).toEqual({
      kind: 'notice',
      holding: told(gold, until - NOTICE_MS),
      wouldBecome: 'Silver',
      missing: 1_000_000,
      fallsAt: until,
    });
  });

  test('lowers the level by one step, or to what was reached, once it is over', () => {
    const noticed = told(gold, until - NOTICE_MS);
    expect(decide(noticed, 0, until)).toEqual({ kind: 'wait' });
    const fall = decide(noticed, 0, until + 1);
    expect(fall).toMatchObject({
      kind: 'downgrade',
      change: { from: 'Gold', to: { level: 'Silver', since: until + 1 } },
    });
    const byBalance = { downgrade: 'by-balance' } as const;
    expect(decide(noticed, 99, until + 1, byBalance)).toMatchObject({
      change: { to: { level: null } },
    });
    expect(decide(told(silver, until - NOTICE_MS), 0, until + 1)).toMatchObject({
      change: { to: { level: null } },
    });
  });

  test('never lowers a level sooner than two weeks after the notice, however late the sweep', () => {
    const now = until + 5 * DAY_MS;
    expect(decide(gold, 0, now)).toMatchObject({ kind: 'notice', fallsAt: now + NOTICE_MS });
    const noticed = told(gold, now);
    expect(decide(noticed, 0, now + NOTICE_MS)).toEqual({ kind: 'wait' });
    expect(decide(noticed, 0, now + NOTICE_MS + 1)).toMatchObject({ kind: 'downgrade' });
  });

  test('takes a notice back when enough was reached after it', () => {
    const noticed = told(gold, until - NOTICE_MS);
    expect(decide(noticed, 500, until - DAY_MS)).toEqual({ kind: 'reassure', holding: gold });
  });
});
