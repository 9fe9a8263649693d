import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  anId,
  aPointProgram,
  aStampProgram,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { anOfferInstance } from '../../tests/builders/offers.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import { DAY_MS } from '../values/time.ts';
import { awardOffer, isAwardDue } from './award.ts';

const complete = { completion: { transactionId: anId('txn'), at: NOON } };

describe('what a completed offer gives', () => {
  test('is a lot of its own, of the moment it was completed', () => {
    const instance = anOfferInstance(complete);
    const { change, ...award } = awardOffer(
      { instance, card: aCard(), program: aPointProgram() },
      deterministicIds(),
    );
    expect(change).toMatchObject({
      card: { balance: 5_000_000, sequence: 1 },
      newLots: [{ earnedAt: NOON, amount: 5_000_000, remaining: 5_000_000 }],
    });
    expect(award).toMatchObject({ at: NOON, instance: { awardId: award.id, awards: 1 } });
    expect(isBalanced(change)).toBe(true);
  });

  test('completes a stamp card, which mints its reward', () => {
    const instance = anOfferInstance({
      ...complete,
      terms: { benefit: { kind: 'balance', amount: '3' } },
    });
    const { change } = awardOffer(
      { instance, card: aCard({ balance: 8 }), program: aStampProgram() },
      deterministicIds(),
    );
    expect(change.card.balance).toBe(1);
    expect(change.rewards).toHaveLength(1);
    expect(isBalanced(change)).toBe(true);
  });

  test('repays first what the card owes', () => {
    const { change } = awardOffer(
      {
        instance: anOfferInstance(complete),
        card: aCard({ debt: 2_000_000 }),
        program: aPointProgram(),
      },
      deterministicIds(),
    );
    expect(change.card).toMatchObject({ balance: 3_000_000, debt: 0 });
    expect(isBalanced(change)).toBe(true);
  });

  test('may be a reward, which costs nothing and expires like any other', () => {
    const benefit = {
      kind: 'reward',
      definitionId: anId('rdf'),
      name: 'Free cake',
      benefit: { kind: 'custom', text: 'Any cake' },
      validForDays: 1,
    } as const;
    const { change } = awardOffer(
      {
        instance: anOfferInstance({ ...complete, terms: { benefit } }),
        card: aCard(),
        program: aPointProgram(),
      },
      deterministicIds(),
    );
    expect(change).toMatchObject({
      card: { balance: 0, sequence: 1 },
      postings: [],
      rewards: [{ name: 'Free cake', cost: 0 }],
    });
    expect(change.rewards[0]?.expiresAt).toBe(NOON + 1.5 * DAY_MS - 1);
  });
});

test('the benefit is due once, and never on a card that takes no more changes', () => {
  const instance = anOfferInstance(complete);
  expect(isAwardDue(instance, aCard())).toBe(true);
  expect(isAwardDue({ ...instance, awardId: anId('txn') }, aCard())).toBe(false);
  expect(isAwardDue({ ...instance, completion: null }, aCard())).toBe(false);
  expect(isAwardDue(instance, aCard({ status: 'merged' }))).toBe(false);
});
