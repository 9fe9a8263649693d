import { expect, test } from '@jest/globals';
import { anId } from '../../tests/builders/domain.ts';
import { balanceChange } from './posting.ts';

test.each([
  ['issued', 'card', 3],
  ['redeemed', 'card', 3],
  ['card', 'redeemed', -3],
  ['card', 'expired', -3],
] as const)('a posting of 3 from %s to %s changes the card by %i', (from, to, expected) => {
  expect(balanceChange({ cardId: anId('crd'), from, to, amount: 3, draws: [] })).toBe(expected);
});
