import { describe, expect, test } from '@jest/globals';
import { aProgram, aVersion, anAutoReward } from '../../tests/builders/domain.ts';
import type { Program, ProgramVersion } from './program.ts';
import { isPublishable, validateDefinition } from './validate.ts';

const problemsOf = (over: Partial<ProgramVersion>, program: Partial<Program> = {}) =>
  validateDefinition(
    aVersion({ autoReward: anAutoReward(), ...over }),
    aProgram({ unit: 'stamp', ...program }),
  );
const codesOf = (...args: Parameters<typeof problemsOf>) =>
  problemsOf(...args).map(({ code, pointer }) => `${code} ${pointer}`);

describe('a definition', () => {
  test('that is plain has no problems', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ autoReward: null }, { unit: 'point' })).toEqual([]);
  });

  test('that can never give anything is refused', () => {
    expect(codesOf({ rules: [{ kind: 'perVisit', amount: '0' }] })).toEqual([
      'rule-gives-nothing /rules/0/amount',
      'earns-nothing /rules',
    ]);
    expect(codesOf({ rules: [{ kind: 'perItem', amount: '1', skus: [] }] })).toEqual([
      'rule-never-matches /rules/0',
      'earns-nothing /rules',
    ]);
    // Without a list every item counts.
    expect(codesOf({ rules: [{ kind: 'perItem', amount: '1' }] })).toEqual([]);
  });

  test('may give fractions of a point, but not of a stamp', () => {
    const rules = [{ kind: 'perSpend', amount: '0.5', everyMinor: 100 }] as const;
    expect(codesOf({ rules }, { unit: 'point' })).toEqual([]);
    expect(codesOf({ rules })).toEqual(['fraction-of-a-stamp /rules/0/amount']);
    expect(codesOf({ caps: { perBusinessDay: '1.5' } })).toEqual([
      'fraction-of-a-stamp /caps/perBusinessDay',
    ]);
  });

  test('has no cap below one stamp', () => {
    expect(codesOf({ caps: { perTransaction: '1' } })).toEqual([]);
    expect(codesOf({ caps: { perTransaction: '0.999999' } })).toEqual([
      'cap-too-low /caps/perTransaction',
    ]);
    expect(codesOf({ caps: { perTransaction: '0.000001' } }, { unit: 'point' })).toEqual([]);
    expect(codesOf({ caps: { perTransaction: '0' } }, { unit: 'point' })).toEqual([
      'cap-too-low /caps/perTransaction',
    ]);
    const contradicting = problemsOf({ caps: { perTransaction: '3', perBusinessDay: '2' } });
    expect(contradicting).toMatchObject([{ code: 'caps-contradict', severity: 'warning' }]);
    expect(isPublishable(contradicting)).toBe(true);
  });

  test('has levels that differ, each reached by what the program counts', () => {
    const tiers = (levels: readonly { name: string; threshold: string; multiplier?: string }[]) =>
      codesOf({
        tiers: { by: 'earned', window: { kind: 'calendarYear' }, downgrade: 'one-step', levels },
      });
    const silver = { name: 'Silver', threshold: '10' };
    expect(tiers([silver, { name: 'Gold', threshold: '11', multiplier: '1' }])).toEqual([]);
    expect(tiers([silver, { ...silver, threshold: '11' }])).toEqual([
      'level-twice /tiers/levels/1/name',
    ]);
    expect(tiers([silver, { name: 'Gold', threshold: '10.0' }])).toContain(
      'level-never-held /tiers/levels/1',
    );
    expect(tiers([{ ...silver, multiplier: '0.9' }])).toEqual([
      'level-takes-away /tiers/levels/0/multiplier',
    ]);
    expect(tiers([{ ...silver, threshold: '1.5' }])).toHaveLength(1);
  });

  test('has a reward that costs whole stamps and is worth something in its own money', () => {
    const reward = (over: Parameters<typeof anAutoReward>[0]) =>
      codesOf({ autoReward: anAutoReward(over) });
    expect(reward({ cost: '9.5' })).toEqual(['cost-not-whole /autoReward/cost']);
    expect(reward({ cost: '0' })).toEqual(['cost-not-whole /autoReward/cost']);
    const off = { kind: 'amountOff', amountMinor: 1, currency: 'EUR' } as const;
    expect(reward({ benefit: off })).toEqual([]);
    expect(reward({ benefit: { ...off, currency: 'USD' } })).toEqual([
      'other-currency /autoReward/benefit/currency',
    ]);
    expect(reward({ benefit: { ...off, amountMinor: 0 } })).toEqual([
      'benefit-worth-nothing /autoReward/benefit/amountMinor',
    ]);
    expect(reward({ benefit: { kind: 'percentOff', percent: '100' } })).toEqual([]);
    expect(reward({ benefit: { kind: 'percentOff', percent: '100.1' } })).toEqual([
      'percent-out-of-range /autoReward/benefit/percent',
    ]);
    const none = problemsOf({ autoReward: null });
    expect(none).toMatchObject([{ code: 'no-reward', severity: 'warning' }]);
  });

  test('belongs to a program in a zone that exists', () => {
    expect(codesOf({}, { zone: 'Europe/Atlantis' })).toEqual(['unknown-zone ']);
  });
});
