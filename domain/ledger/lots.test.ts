import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aLot, anId, NOON } from '../../tests/builders/domain.ts';
import { applyDraws, drawFromLots, type Lot, sumDraws } from './lots.ts';

const drawn = (lots: readonly Lot[], amount: number) =>
  drawFromLots(lots, amount).map((draw) => [Number(draw.lotId.slice(4)), draw.amount]);

describe('drawFromLots', () => {
  test('the earliest expiry goes first, however late it was earned', () => {
    const lots = [
      aLot({ n: 1, remaining: 5, earnedAt: NOON - 9, expiresAt: NOON + 2 }),
      aLot({ n: 2, remaining: 10, earnedAt: NOON, expiresAt: NOON + 1 }),
    ];
    expect(drawn(lots, 12)).toEqual([
      [2, 10],
      [1, 2],
    ]);
  });

  test('a lot that never expires goes last', () => {
    const lots = [
      aLot({ n: 1, earnedAt: NOON - 9, expiresAt: null }),
      aLot({ n: 2, earnedAt: NOON, expiresAt: NOON + 1 }),
    ];
    expect(drawn(lots, 2)).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  test.each([
    ['never', null],
    ['at the same moment', NOON + 1],
  ])('among lots that expire %s, the earliest earned goes first', (_, expiresAt) => {
    const lots = [
      aLot({ n: 1, earnedAt: NOON, expiresAt }),
      aLot({ n: 2, earnedAt: NOON - 1, expiresAt }),
    ];
    expect(drawn(lots, 2)).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  test('among lots earned at the same moment, the lowest id goes first, in whatever order they come', () => {
    const lots = [aLot({ n: 3 }), aLot({ n: 1 }), aLot({ n: 2 })];
    expect(drawn(lots, 3)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(drawn(lots.toReversed(), 3)).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  test('a lot is never drawn for more than it holds, and an empty one not at all', () => {
    const lots = [
      aLot({ n: 1, remaining: 0 }),
      aLot({ n: 2, remaining: 3 }),
      aLot({ n: 3, remaining: 3 }),
    ];
    expect(drawn(lots, 3)).toEqual([[2, 3]]);
    expect(drawn(lots, 4)).toEqual([
      [2, 3],
      [3, 1],
    ]);
  });

  test('exactly everything can be drawn, and one more is refused', () => {
    const lots = [aLot({ n: 1, remaining: 2 }), aLot({ n: 2, remaining: 3 })];
    expect(drawn(lots, 5)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(() => drawFromLots(lots, 6)).toThrow(RangeError);
    expect(() => drawFromLots([], 1)).toThrow(RangeError);
  });

  test('nothing is drawn for nothing', () => {
    expect(drawn([aLot()], 0)).toEqual([]);
    expect(drawn([], 0)).toEqual([]);
  });
});

test('several draws from one lot become one draw, in the order the lots were first drawn', () => {
  const [a, b] = [anId('lot', 1), anId('lot', 2)];
  const draws = [
    { lotId: b, amount: 1 },
    { lotId: a, amount: 2 },
    { lotId: b, amount: 4 },
  ];
  expect(sumDraws(draws)).toEqual([
    { lotId: b, amount: 5 },
    { lotId: a, amount: 2 },
  ]);
  expect(sumDraws([])).toEqual([]);
});

test('applyDraws takes every draw from its lot and leaves the other lots and its input alone', () => {
  const lots = [aLot({ n: 1, remaining: 10 }), aLot({ n: 2, remaining: 10 })];
  const draws = [
    { lotId: anId('lot', 1), amount: 3 },
    { lotId: anId('lot', 1), amount: 7 },
  ];
  expect(applyDraws(lots, draws).map((lot) => lot.remaining)).toEqual([0, 10]);
  expect(lots.map((lot) => lot.remaining)).toEqual([10, 10]);
});

describe('for any lots and any amount they hold', () => {
  const lots = fc
    .array(
      fc.record({
        remaining: fc.integer({ min: 0, max: 20 }),
        earned: fc.integer({ min: 0, max: 3 }),
        expires: fc.option(fc.integer({ min: 0, max: 3 })),
      }),
      { maxLength: 12 },
    )
    .map((many) =>
      many.map(({ remaining, earned, expires }, n) =>
        aLot({
          n,
          remaining,
          earnedAt: NOON + earned,
          expiresAt: expires === null ? null : NOON + expires,
        }),
      ),
    );
  const held = (all: readonly Lot[]) => all.reduce((total, lot) => total + lot.remaining, 0);
  const lotsAndAmount = lots.chain((all) =>
    fc.record({ all: fc.constant(all), amount: fc.integer({ min: 0, max: held(all) }) }),
  );

  test('draws sum to the amount, nothing goes below zero and no later lot is touched first', () => {
    fc.assert(
      fc.property(lotsAndAmount, ({ all, amount }) => {
        const draws = drawFromLots(all, amount);
        const after = applyDraws(all, draws);
        expect(draws.reduce((total, draw) => total + draw.amount, 0)).toBe(amount);
        expect(draws.every((draw) => draw.amount > 0)).toBe(true);
        expect(after.every((lot) => lot.remaining >= 0)).toBe(true);
        expect(held(after)).toBe(held(all) - amount);
        // Only the last lot drawn from may have something left.
        const left = draws.map((draw) => after.find((lot) => lot.id === draw.lotId)!.remaining);
        expect(left.slice(0, -1).every((remaining) => remaining === 0)).toBe(true);
      }),
    );
  });

  test('the order the lots come in changes nothing', () => {
    fc.assert(
      fc.property(lotsAndAmount, ({ all, amount }) => {
        expect(drawFromLots(all.toReversed(), amount)).toEqual(drawFromLots(all, amount));
      }),
    );
  });
});
