import { describe, expect, test } from '@jest/globals';
import { at } from '../../tests/builders/domain.ts';
import { loseLevel, windowsOfLevel } from './lose-level.ts';
import { ladderOf, type TierHolding, type TierRules } from './tiers.ts';

const zone = 'Europe/Lisbon';
const rules: TierRules = {
  by: 'spend',
  window: { kind: 'calendarYear' },
  downgrade: 'one-step',
  levels: [
    { name: 'Silver', thresholdMinor: 100 },
    { name: 'Gold', thresholdMinor: 500 },
  ],
};
const ladder = ladderOf(rules, 'stamp');
const until = at('2026-12-31T23:59:59.999Z');
const held = (level: string | null, since: string): TierHolding => ({
  level,
  since: at(since),
  until,
  noticedAt: null,
});
const silver = held('Silver', '2026-02-01T12:00:00Z');
const gold = held('Gold', '2026-03-01T12:00:00Z');
const year = { from: '2026-01-01', to: '2026-12-31' } as const;
const now = at('2026-04-01T12:00:00Z');

/** What becomes of a level when a refund takes some of what was spent. */
function after(
  history: readonly TierHolding[],
  spend: number,
  taken: number,
  date: '2026-03-01' | '2025-12-31' = '2026-03-01',
) {
  const windows = [{ ...year, progress: { earned: 0, spend } }];
  const clock = { at: now, zone };
  return loseLevel(ladder, { history, windows }, { date, earned: 0, spend: taken }, clock);
}

describe('a level that a refunded sale had reached', () => {
  test.each([
    [500, 0, undefined],
    [500, 1, 'Silver'],
    [600, 100, undefined],
    [600, 101, 'Silver'],
    [500, 400, 'Silver'],
    [500, 401, null],
  ])('by %i is, less %i, %s', (spend, taken, level) => {
    expect(after([gold], spend, taken)?.to.level).toBe(level);
  });

  test('falls to the one held before while that lasts, until when that lasts', () => {
    expect(after([silver, gold], 500, 450)?.to).toMatchObject({ level: 'Silver', until });
    const over = { ...silver, until: now - 1 };
    expect(after([over, gold], 500, 450)?.to.level).toBeNull();
  });

  test('does not fall back to one that was lost as well', () => {
    const lost = [silver, gold, held('Silver', '2026-03-20T12:00:00Z')];
    expect(after(lost, 100, 1)?.to.level).toBeNull();
  });

  test('stays where the refunded sale was not counted, or was not what it rests on', () => {
    expect(after([gold], 500, 400, '2025-12-31')).toBeNull();
    // Kept from the year before: this year has not reached it with or without the sale.
    expect(after([gold], 499, 400)).toBeNull();
    expect(after([], 99, 99)).toBeNull();
  });
});

test('speaks by the window in which it was reached and by the one of now', () => {
  const clock = { at: at('2027-04-01T12:00:00Z'), zone };
  expect(windowsOfLevel(rules, [gold], clock)).toEqual([
    year,
    { from: '2027-01-01', to: '2027-12-31' },
  ]);
  expect(windowsOfLevel(rules, [gold], { at: now, zone })).toEqual([year]);
  expect(windowsOfLevel(rules, [gold, held(null, '2026-03-02T12:00:00Z')], clock)).toEqual([]);
});
