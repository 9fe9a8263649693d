import { expect, test } from '@jest/globals';
import { aProgram, aVersion, anAutoReward } from '../../tests/builders/domain.ts';
import { describeVersion } from './describe.ts';

test('a program is told in sentences, its caps and its reward included', () => {
  const version = aVersion({
    rules: [
      { kind: 'perVisit', amount: '1', minimumSpendMinor: 300 },
      { kind: 'perItem', amount: '2', categories: ['coffee', 'tea'] },
    ],
    combine: 'best',
    caps: { perTransaction: '4', perBusinessDay: '6', minimumMinutesBetween: 30 },
    autoReward: anAutoReward({ cost: '10', name: 'Free coffee', validForDays: 30 }),
  });
  expect(describeVersion(aProgram({ unit: 'stamp', currency: 'EUR' }), version)).toEqual([
    '1 stamp per visit of at least 3.00 EUR.',
    '2 stamps per coffee or tea.',
    'Of these, the best one counts.',
    'At most 4 stamps per purchase.',
    'At most 6 stamps a day.',
    'At most once in 30 minutes.',
    'For 10 stamps: Free coffee.',
    'A reward is valid for 30 days after it was earned.',
  ]);
});

test('points come with their fractions', () => {
  const rules = [{ kind: 'perSpend', amount: '1.5', everyMinor: 100 }] as const;
  const told = describeVersion(aProgram({ unit: 'point' }), aVersion({ rules, autoReward: null }));
  expect(told).toEqual(['1.5 points per 1.00 EUR.']);
});
