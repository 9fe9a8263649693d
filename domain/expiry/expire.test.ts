import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aLot,
  anId,
  aPurchaseState,
  aRecordPurchase,
  aStampProgram,
  codes,
  coffees,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { decidePurchase } from '../earning/decide-purchase.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { expireLots } from './expire.ts';

const tonight = aLot({ n: 1, remaining: 8, expiresAt: NOON });
const nextYear = aLot({ n: 2, remaining: 5, expiresAt: NOON + 1e10 });
const forEver = aLot({ n: 3, remaining: 2 });
const card = aCard({ balance: 15, sequence: 7, lots: [tonight, nextYear, forEver] });

describe('expiring', () => {
  test('takes nothing a millisecond before the end, and the lot at it', () => {
    expect(expireLots(card, NOON - 1)).toEqual({ card, expiries: [] });
    const { card: left, expiries } = expireLots(card, NOON);
    expect(left).toMatchObject({ balance: 7, sequence: 8, lots: [nextYear, forEver] });
    expect(expiries).toMatchObject([{ expiredAt: NOON, amount: 8 }]);
    expect(expiries.every(({ change }) => isBalanced(change))).toBe(true);
  });

  test('done again it changes nothing', () => {
    const once = expireLots(card, NOON).card;
    expect(expireLots(once, NOON)).toEqual({ card: once, expiries: [] });
  });

  test('what expired at different moments is told apart, oldest first; together is one movement', () => {
    const lots = [3, 1, 2, 1].map((when, i) => aLot({ n: i + 1, expiresAt: NOON + when }));
    const { expiries, card: left } = expireLots(aCard({ balance: 4, lots }), NOON + 10);
    expect(expiries.map(({ expiredAt, amount }) => [expiredAt - NOON, amount])).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    expect(left).toMatchObject({ balance: 0, lots: [] });
  });

  test('a card whose lots have lapsed counts as active no longer', () => {
    const idle = aCard({
      balance: 3,
      activeUntil: NOON,
      lots: [aLot({ remaining: 3, expiresAt: NOON, lapses: true })],
    });
    expect(expireLots(idle, NOON).card).toMatchObject({ balance: 0, activeUntil: null });
  });
});

describe('a sale on a card with lots that nobody has swept', () => {
  const program = aStampProgram();
  function buy(held: Card, occurredAt: number) {
    const customer = { kind: 'known' as const, id: anId('cus'), cards: [held] };
    const command = aRecordPurchase({ ...coffees(4), occurredAt });
    const state = aPurchaseState({ customer, programs: [program] });
    const decision = decidePurchase(command, state, deterministicIds());
    if (decision.kind !== 'recorded') throw new Error(decision.code);
    return decision;
  }

  test('is judged by what was still valid when it occurred', () => {
    const held = aCard({ balance: 8, lots: [tonight] });
    const before = buy(held, NOON - 1);
    expect(before.cards[0]).toMatchObject({ rewards: [{ cost: 10 }], card: { balance: 2 } });
    expect(before.expiries).toEqual([]);
    const after = buy(held, NOON);
    expect(after.cards[0]).toMatchObject({ rewards: [], card: { balance: 4 } });
    expect(after.expiries).toMatchObject([{ amount: 8 }]);
    expect(codes(after.cards[0]!)[0]).toBe('lots-expired');
  });

  test('finds the card empty when all has expired, so a new card opens under the rules in force', () => {
    const held = aCard({ balance: 8, lots: [tonight] });
    expect(buy(held, NOON).cards[0]?.card).toMatchObject({ balance: 4, versionNumber: 1 });
  });
});
