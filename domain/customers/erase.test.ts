import { describe, expect, test } from '@jest/globals';
import { isBalanced } from '../ledger/book-entry.ts';
import { aCard, aLot } from '../../tests/builders/domain.ts';
import { closeCard, ERASED, withoutTexts, writtenTexts } from './erase.ts';

describe('closing a card', () => {
  const at = Date.parse('2026-11-22T10:00:00Z');

  test('takes all that is on it, so that nobody owes what nobody can spend', () => {
    const lots = [aLot({ remaining: 5 }), aLot({ remaining: 3 })];
    const change = closeCard({ card: aCard({ balance: 8, lots }), rewards: [], at });
    expect(isBalanced(change)).toBe(true);
    expect(change.card).toMatchObject({ balance: 0, lots: [] });
    expect(change.postings).toMatchObject([{ from: 'card', to: 'expired', amount: 8 }]);
    expect(change.draws.map(({ amount }) => amount)).toEqual([5, 3]);
  });

  test('posts nothing for a card that holds nothing', () => {
    const card = aCard({ balance: 0 });
    const change = closeCard({ card, rewards: [], at });
    expect([change.postings, change.card.sequence]).toEqual([[], card.sequence]);
  });

  test('leaves a debt as it is, in the books and on the card', () => {
    const change = closeCard({ card: aCard({ balance: 0, debt: 4 }), rewards: [], at });
    expect([isBalanced(change), change.card.debt]).toEqual([true, 4]);
  });
});

describe('what people wrote', () => {
  const outcome = {
    id: 'txn_1',
    amount: 1,
    reason: '1',
    explanation: [{ code: 'adjusted', text: '1 stamp added: 1' }],
  };

  test('goes, also where our own sentences quote it; amounts and ids stay', () => {
    expect(withoutTexts(outcome, writtenTexts(outcome))).toEqual({
      ...outcome,
      reason: ERASED,
      explanation: [{ code: 'adjusted', text: `1 stamp added: ${ERASED}` }],
    });
  });

  test('is found however deep it lies', () => {
    expect(writtenTexts({ a: [{ b: { note: 'x' } }], reason: null })).toEqual(['x']);
  });
});
