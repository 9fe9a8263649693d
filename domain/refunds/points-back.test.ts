import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCard,
  aLot,
  aPointProgram,
  at,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import { drawFromLots } from '../ledger/lots.ts';
import { givePointsBack, stillUsed } from './points-back.ts';

const MICRO = 1_000_000;
const program = aPointProgram();
const tonight = at('2026-03-04T23:59:59.999Z');
const soon = { ...aLot({ n: 1, expiresAt: tonight }), remaining: 10 };
const later = { ...aLot({ n: 2, expiresAt: at('2027-03-04T23:59:59.999Z') }), remaining: 5 };
const draws = drawFromLots([soon, later], 12);
const emptied = { ...soon, remaining: 0 };
const begun = { ...later, remaining: 3 };

function back(amount: number, before: number, over: { debt?: number; now?: number } = {}) {
  const { debt = 0, now = NOON } = over;
  const card = aCard({ balance: 3, debt, lots: [begun] });
  return givePointsBack(
    { cardId: card.id, draws, lots: [emptied, begun] },
    { amount, before },
    { card, program, at: now },
    deterministicIds(),
  );
}
const held = (given: ReturnType<typeof back>) =>
  given.change.card.lots.map(({ id, remaining }) => [id, remaining]);

describe('points that come back', () => {
  test('go to the lots they were spent from, the last spent first', () => {
    expect(held(back(2, 0))).toEqual([[later.id, 5]]);
    expect(held(back(3, 0))).toEqual([
      [later.id, 5],
      [soon.id, 1],
    ]);
    expect(held(back(3, 1))).toEqual([
      [later.id, 4],
      [soon.id, 2],
    ]);
  });

  test('to a lot that has expired live seven days more', () => {
    const { change } = back(12, 0, { now: tonight });
    expect(change.newLots).toMatchObject([
      { amount: 10, expiresAt: at('2026-03-11T23:59:59.999Z') },
    ]);
    expect(change.card.balance).toBe(15);
  });

  test.each([
    [5, 5, 0],
    [6, 6, 0],
    [7, 6, 1],
  ])('pay what they can of a debt of %i first', (debt, repaid, left) => {
    const given = back(3, 0, { debt });
    expect(isBalanced(given.change)).toBe(true);
    expect([given.repaid, given.change.card.debt]).toEqual([repaid, left]);
  });
});

test('whatever the parts are, they give back all that was paid, and never more before', () => {
  const sale = fc.record({
    total: fc.integer({ min: 1, max: 10_000 }),
    paid: fc.integer({ min: 1, max: 1_000 }).map((points) => points * MICRO),
    parts: fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 8 }),
    carryFractions: fc.boolean(),
  });
  fc.assert(
    fc.property(sale, ({ total, paid, parts, carryFractions }) => {
      const of = aPointProgram({ carryFractions });
      const given: number[] = [];
      let remaining = total;
      let used = paid;
      for (const part of [...parts, total]) {
        remaining -= Math.min(part, remaining);
        const now = stillUsed(paid, { remaining, total, soldAt: NOON }, of);
        given.push(used - now);
        used = now;
      }
      expect(given.every((amount) => amount >= 0)).toBe(true);
      expect(given.reduce((sum, amount) => sum + amount, 0)).toBe(paid);
      if (!carryFractions) expect(given.every((amount) => amount % MICRO === 0)).toBe(true);
    }),
  );
});
