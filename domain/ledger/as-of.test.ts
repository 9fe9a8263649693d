import { describe, expect, test } from '@jest/globals';
import { anId, NOON } from '../../tests/builders/domain.ts';
import { DAY_MS } from '../values/time.ts';
import { balanceAsOf, type CardRecords, type DrawRecord, type LotRecord } from './as-of.ts';

const LATE = 3 * DAY_MS;
const lot = (n: number, over: Partial<LotRecord> = {}): LotRecord => ({
  id: anId('lot', n),
  amount: 10,
  expiresAt: null,
  lapses: false,
  occurredAt: NOON,
  recordedAt: NOON,
  ...over,
});
const draw = (n: number, amount: number, over: Partial<DrawRecord> = {}): DrawRecord => ({
  sign: 1,
  isExpiry: false,
  occurredAt: NOON + DAY_MS,
  recordedAt: NOON + DAY_MS,
  draws: [{ lotId: anId('lot', n), amount }],
  ...over,
});
const card = (over: Partial<CardRecords>): CardRecords => ({
  lots: [lot(1)],
  draws: [],
  activeUntil: null,
  ...over,
});
const by = (records: CardRecords, at: number) => [
  balanceAsOf(records, { at, by: 'event' }),
  balanceAsOf(records, { at, by: 'recorded' }),
];

describe('a balance as of an instant', () => {
  test('holds what was earned at that very instant, and nothing a millisecond before', () => {
    expect(by(card({}), NOON - 1)).toEqual([0, 0]);
    expect(by(card({}), NOON)).toEqual([10, 10]);
  });

  test('is less what was spent at that very instant, and not a millisecond before', () => {
    const records = card({ draws: [draw(1, 4)] });
    expect(by(records, NOON + DAY_MS - 1)).toEqual([10, 10]);
    expect(by(records, NOON + DAY_MS)).toEqual([6, 6]);
  });

  test('counts a late sale from when it occurred, or from when it was posted', () => {
    const records = card({ lots: [lot(1, { recordedAt: NOON + LATE })] });
    expect(by(records, NOON)).toEqual([10, 0]);
    expect(by(records, NOON + LATE)).toEqual([10, 10]);
  });

  test('does not hold what had expired, swept or not, late or not', () => {
    const end = NOON + DAY_MS;
    const lots = [lot(1, { expiresAt: end })];
    const swept = draw(1, 10, { isExpiry: true, occurredAt: end, recordedAt: end + LATE });
    for (const draws of [[], [swept]]) {
      expect(by(card({ lots, draws }), end - 1)).toEqual([10, 10]);
      expect(by(card({ lots, draws }), end)).toEqual([0, 0]);
      expect(by(card({ lots, draws }), end + 2 * LATE)).toEqual([0, 0]);
    }
  });

  test('knows when a card had been idle for too long, also after it was active again', () => {
    const end = NOON + DAY_MS;
    const lots = [lot(1, { lapses: true })];
    expect(by(card({ lots, activeUntil: end }), end)).toEqual([0, 0]);
    const swept = draw(1, 10, { isExpiry: true, occurredAt: end, recordedAt: end + LATE });
    const active = card({ lots, draws: [swept], activeUntil: end + 10 * DAY_MS });
    expect(by(active, end - 1)).toEqual([10, 10]);
    expect(by(active, end)).toEqual([0, 0]);
  });

  test('holds again what was given back', () => {
    const back = draw(1, 4, { sign: -1, occurredAt: NOON + LATE, recordedAt: NOON + LATE });
    const records = card({ draws: [draw(1, 4), back] });
    expect(by(records, NOON + LATE - 1)).toEqual([6, 6]);
    expect(by(records, NOON + LATE)).toEqual([10, 10]);
  });

  test('is never below zero, though a late sale drew on what was earned after it', () => {
    const late = draw(1, 10, { occurredAt: NOON - DAY_MS, recordedAt: NOON + LATE });
    expect(by(card({ draws: [late] }), NOON - 1)).toEqual([0, 0]);
    expect(by(card({ draws: [late] }), NOON)).toEqual([0, 10]);
  });
});
