import { expect, test } from '@jest/globals';
import { chooseAccount, type PoolAccount } from './choose-account.ts';

const proven: PoolAccount = {
  username: 'proven',
  isConfirmed: true,
  isEmailProven: true,
  createdAt: 2,
};
const begun = { ...proven, username: 'begun', isConfirmed: false, isEmailProven: false };
const renamed = { ...proven, username: 'renamed', isEmailProven: false };

const withProof = (...known: PoolAccount[]) => chooseAccount({ isEmailProven: true }, known);
const withoutProof = (...known: PoolAccount[]) => chooseAccount({ isEmailProven: false }, known);

test('who proved the address of a proven account is its owner', () => {
  expect(withProof(proven)).toEqual({ kind: 'link', username: 'proven' });
});

test('who proved nothing stays apart, whatever is known', () => {
  for (const known of [[], [proven], [begun], [renamed]]) {
    expect(withoutProof(...known)).toEqual({ kind: 'apart' });
  }
});

test('who is new begins an account', () => {
  expect(withProof()).toEqual({ kind: 'begin', remove: [] });
});

test('an account that somebody began and nobody proved is given up, never linked', () => {
  expect(withProof(begun)).toEqual({ kind: 'begin', remove: ['begun'] });
  expect(withProof(begun, proven)).toEqual({ kind: 'link', username: 'proven' });
});

test('an account that took the address on without proof is neither linked nor removed', () => {
  expect(withProof(renamed)).toEqual({ kind: 'apart' });
  expect(withProof(renamed, begun)).toEqual({ kind: 'apart' });
  expect(withProof(renamed, proven)).toEqual({ kind: 'link', username: 'proven' });
});

test('of several proven ones the oldest carries on', () => {
  const older = { ...proven, username: 'older', createdAt: 1 };
  expect(withProof(proven, older)).toEqual({ kind: 'link', username: 'older' });
});
