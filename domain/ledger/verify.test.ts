import { expect, test } from '@jest/globals';
import { anId } from '../../tests/builders/domain.ts';
import { verifyCard } from './verify.ts';

const sound = { cardId: anId('crd'), balance: 7, debt: 2, posted: 7, owed: 2, inLots: 7 };

test('sound books give nothing', () => {
  expect(verifyCard(sound)).toEqual([]);
});

test.each([
  [{ balance: 8 }, ['balance-is-postings', 'balance-is-lots']],
  [{ posted: 6 }, ['balance-is-postings']],
  [{ inLots: 6 }, ['balance-is-lots']],
  [{ owed: 3 }, ['debt-is-postings']],
  [{ debt: 0 }, ['debt-is-postings']],
])('%o breaks %p', (over, rules) => {
  expect(verifyCard({ ...sound, ...over }).map(({ rule }) => rule)).toEqual(rules);
});
