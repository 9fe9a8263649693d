import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aLot,
  anId,
  aPointProgram,
  aStampProgram,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { awardStamps, FREE_UNDO_MS, type PastAward, undoAward } from './award-stamps.ts';

const program = aStampProgram();
const cashier = 'staff:stf_1';

function award(card: Card, over: Partial<Parameters<typeof awardStamps>[0]> = {}) {
  const input = { card, program, stamps: 2, at: NOON, isOwnCard: false, ...over };
  return awardStamps(input, deterministicIds());
}

describe('stamps given by hand', () => {
  test('are on the card, as a lot of their own', () => {
    const decision = award(aCard());
    if (decision.kind !== 'awarded') throw new Error(decision.code);
    expect(decision.change.card.balance).toBe(2);
    expect(isBalanced(decision.change)).toBe(true);
  });

  test('complete the card as a sale’s would', () => {
    const lots = [aLot({ remaining: 9 })];
    const decision = award(aCard({ balance: 9, lots }));
    if (decision.kind !== 'awarded') throw new Error(decision.code);
    expect(decision.change.rewards).toHaveLength(1);
    expect(decision.change.card.balance).toBe(1);
    expect(isBalanced(decision.change)).toBe(true);
  });

  test.each([
    ['self-award', {}, { isOwnCard: true }],
    ['card-closed', { status: 'closed' }, {}],
    ['card-closed', { status: 'merged' }, {}],
    ['card-blocked', { status: 'blocked' }, {}],
    ['not-a-stamp-card', {}, { program: aPointProgram() }],
  ] as const)('are refused as %s', (code, card, over) => {
    expect(award(aCard(card), over)).toEqual({ kind: 'refused', code });
  });
});

describe('an award is undone', () => {
  const lot = aLot({ remaining: 2 });
  const older = aLot({ n: 2, remaining: 3 });
  const card = aCard({ balance: 5, lots: [older, lot] });
  const past: PastAward = { by: cashier, at: NOON, amount: 2, lotIds: [lot.id], isUndone: false };
  const undo = (over: Partial<Parameters<typeof undoAward>[0]> = {}) =>
    undoAward({ card, award: past, by: cashier, role: 'cashier', reason: null, at: NOON, ...over });

  test('from its own stamps, and the books balance', () => {
    const decision = undo();
    if (decision.kind !== 'undone') throw new Error(decision.code);
    expect(decision.change.card).toMatchObject({ balance: 3, lots: [older] });
    expect(isBalanced(decision.change)).toBe(true);
  });

  test('by who gave it within 10 s, and not a moment longer', () => {
    expect(undo({ at: NOON + FREE_UNDO_MS }).kind).toBe('undone');
    const late = undo({ at: NOON + FREE_UNDO_MS + 1 });
    expect(late).toEqual({ kind: 'refused', code: 'undo-too-late' });
    const other = undo({ by: 'staff:stf_2' });
    expect(other).toEqual({ kind: 'refused', code: 'undo-too-late' });
  });

  test('later by a manager or the owner, who say why', () => {
    for (const role of ['manager', 'owner'] as const) {
      const late = { by: `staff:${anId('stf', 3)}`, role, at: NOON + 3_600_000 };
      expect(undo(late)).toEqual({ kind: 'refused', code: 'reason-required' });
      expect(undo({ ...late, reason: 'Wrong card' }).kind).toBe('undone');
    }
  });

  test('once, and only while it is there', () => {
    expect(undo({ award: { ...past, isUndone: true } })).toEqual({
      kind: 'refused',
      code: 'already-undone',
    });
    const spent = aCard({ balance: 4, lots: [older, { ...lot, remaining: 1 }] });
    expect(undo({ card: spent })).toEqual({ kind: 'refused', code: 'already-spent' });
  });
});
