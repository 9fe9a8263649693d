import { describe, expect, test } from '@jest/globals';
import {
  anId,
  aProgram,
  aStore,
  aVersion,
  anAutoReward,
  NOON,
} from '../../tests/builders/domain.ts';
import { judgingVersion, participates, versionAt } from './program.ts';

const versions = [
  aVersion({ number: 1, from: NOON - 100, to: NOON }),
  aVersion({ number: 2, from: NOON, to: NOON + 100 }),
];

describe('versionAt', () => {
  test.each([
    ['before the first begins', -101, undefined],
    ['at the moment it begins', -100, 1],
    ['at its last millisecond', -1, 1],
    ['at the moment the next begins', 0, 2],
    ['at the last millisecond of the last', 99, 2],
    ['when the last has ended', 100, undefined],
  ])('%s, the version in force is %3$s', (_, offset, expected) => {
    expect(versionAt(aProgram({ versions }), NOON + offset)?.number).toBe(expected);
  });

  test('a version without an end stays in force', () => {
    expect(versionAt(aProgram(), NOON * 2)?.number).toBe(1);
  });
});

describe('judgingVersion', () => {
  const judged = (unit: 'stamp' | 'point', versionNumber: number, offset: number, balance = 1) =>
    judgingVersion(
      aProgram({
        unit,
        versions: versions.map((version) => ({ ...version, autoReward: anAutoReward() })),
      }),
      { versionNumber, balance },
      NOON + offset,
    )?.number;

  test('a stamp card with stamps on it keeps the version it was begun under', () => {
    expect(judged('stamp', 1, 0)).toBe(1);
    expect(judged('stamp', 2, 0)).toBe(2);
  });

  test('an empty stamp card is begun under the version in force', () => {
    expect(judged('stamp', 1, 0, 0)).toBe(2);
  });

  test('a card under a version that gives no reward has no goal to keep', () => {
    const program = aProgram({ unit: 'stamp', versions });
    expect(judgingVersion(program, { versionNumber: 1, balance: 3 }, NOON)?.number).toBe(2);
  });

  test('points are judged by the version in force', () => {
    expect(judged('point', 1, -1)).toBe(1);
    expect(judged('point', 1, 0)).toBe(2);
  });

  test.each(['stamp', 'point'] as const)(
    'outside every version nothing judges a %s card',
    (unit) => {
      expect(judged(unit, 1, -101)).toBeUndefined();
      expect(judged(unit, 1, 100)).toBeUndefined();
    },
  );

  test('a stamp card of a version nobody knows is judged by the one in force', () => {
    expect(judged('stamp', 9, 0)).toBe(2);
  });
});

describe('participates', () => {
  const other = { id: anId('sto', 2), brandId: anId('brd', 2) };

  test('without a list, every store of the brand does and no other', () => {
    const program = aProgram({ storeIds: null });
    expect(participates(program, aStore())).toBe(true);
    expect(participates(program, aStore({ id: anId('sto', 9) }))).toBe(true);
    expect(participates(program, other)).toBe(false);
  });

  test('with a list, exactly the listed stores do', () => {
    const program = aProgram({ storeIds: [anId('sto')] });
    expect(participates(program, aStore())).toBe(true);
    expect(participates(program, aStore({ id: anId('sto', 9) }))).toBe(false);
    expect(participates(aProgram({ storeIds: [] }), aStore())).toBe(false);
  });
});
