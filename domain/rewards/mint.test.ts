import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aLot,
  anAutoReward,
  anId,
  aPointProgram,
  aProgram,
  aStampProgram,
  at,
  aVersion,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import type { Program } from '../programs/program.ts';
import { MAX_REWARDS_PER_PURCHASE, mintRewards, type MintInput, type MintResult } from './mint.ts';

function minted(program: Program, balance: number, over: Partial<MintInput> = {}): MintResult {
  const lots = balance > 0 ? [aLot({ remaining: balance })] : [];
  const input = { cardId: anId('crd'), balance, lots, versionNumber: 1, at: NOON, ...over };
  return mintRewards(program, input, deterministicIds());
}
const costs = (result: MintResult) => result.rewards.map((reward) => reward.cost);

describe('how many', () => {
  test.each([
    [0, 0, 0],
    [9, 0, 9],
    [10, 1, 0],
    [11, 1, 1],
    [19, 1, 9],
    [20, 2, 0],
    [21, 2, 1],
  ])('a card of ten at %i mints %i and goes on at %i', (balance, rewards, rest) => {
    const result = minted(aStampProgram(), balance);
    expect(result.rewards).toHaveLength(rewards);
    expect(result).toMatchObject({ balance: rest, postponed: false });
  });

  test.each([
    [9_999_999, 0, 9_999_999],
    [10_000_000, 1, 0],
    [10_000_001, 1, 1],
  ])('ten points cost exactly ten points: at %i, %i minted, %i left', (balance, rewards, rest) => {
    const result = minted(aPointProgram({ autoReward: anAutoReward() }), balance);
    expect(result.rewards).toHaveLength(rewards);
    expect(result.balance).toBe(rest);
  });

  test('without an auto reward nothing is minted', () => {
    const result = minted(aProgram(), 1000);
    expect(result).toMatchObject({ rewards: [], postings: [], balance: 1000, postponed: false });
  });

  test.each([
    [MAX_REWARDS_PER_PURCHASE * 10 + 9, MAX_REWARDS_PER_PURCHASE, 9, false],
    [MAX_REWARDS_PER_PURCHASE * 10 + 10, MAX_REWARDS_PER_PURCHASE, 10, true],
  ])(
    'a balance of %i mints %i at once and keeps %i (postponed: %s)',
    (balance, rewards, rest, postponed) => {
      const result = minted(aStampProgram(), balance);
      expect(result.rewards).toHaveLength(rewards);
      expect(result).toMatchObject({ balance: rest, postponed });
    },
  );
});

describe('what moves', () => {
  test('each reward is one posting from the card, drawn from its lots in spending order', () => {
    const lots = [aLot({ n: 1, remaining: 8 }), aLot({ n: 2, remaining: 13, earnedAt: NOON + 1 })];
    const result = minted(aStampProgram(), 21, { lots });
    expect(result.postings).toEqual([
      {
        cardId: anId('crd'),
        from: 'card',
        to: 'redeemed',
        amount: 10,
        draws: [
          { lotId: anId('lot', 1), amount: 8 },
          { lotId: anId('lot', 2), amount: 2 },
        ],
        rewardId: result.rewards[0]!.id,
      },
      {
        cardId: anId('crd'),
        from: 'card',
        to: 'redeemed',
        amount: 10,
        draws: [{ lotId: anId('lot', 2), amount: 10 }],
        rewardId: result.rewards[1]!.id,
      },
    ]);
    expect(result.lots.map((lot) => lot.remaining)).toEqual([0, 1]);
    expect(lots.map((lot) => lot.remaining)).toEqual([8, 13]);
  });

  test('for any goal and balance, rewards and the rest add up, and lots hold the rest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 500 }),
        (cost, balance) => {
          const program = aStampProgram({ autoReward: anAutoReward({ cost: String(cost) }) });
          const lots = [aLot({ n: 1, remaining: Math.floor(balance / 3) })];
          lots.push(aLot({ n: 2, remaining: balance - lots[0]!.remaining }));
          const result = minted(program, balance, { lots });
          const expected = Math.min(Math.floor(balance / cost), MAX_REWARDS_PER_PURCHASE);
          expect(result.rewards).toHaveLength(expected);
          expect(result.balance).toBe(balance - expected * cost);
          expect(result.lots.reduce((sum, lot) => sum + lot.remaining, 0)).toBe(result.balance);
        },
      ),
    );
  });
});

describe('an issued reward', () => {
  test('carries what it was promised as, and an id and code of its own', () => {
    const { rewards } = minted(aStampProgram(), 20);
    expect(rewards[0]).toMatchObject({
      definitionId: anId('rdf'),
      cardId: anId('crd'),
      name: 'Free coffee',
      benefit: { kind: 'freeItem', description: 'Any coffee' },
      cost: 10,
      versionNumber: 1,
      issuedAt: NOON,
    });
    expect(rewards[0]!.id).not.toBe(rewards[1]!.id);
    expect(rewards[0]!.code).not.toBe(rewards[1]!.code);
  });

  test.each([
    // Issued just before and just after local midnight in Kathmandu (+05:45).
    ['Asia/Kathmandu', '2026-03-04T18:14:59.999Z', 0, '2026-03-04T18:14:59.999Z'],
    ['Asia/Kathmandu', '2026-03-04T18:15:00Z', 0, '2026-03-05T18:14:59.999Z'],
    ['Asia/Kathmandu', '2026-03-04T12:00:00Z', 30, '2026-04-03T18:14:59.999Z'],
    // Clocks go forward in between: the day still ends at local midnight.
    ['Europe/Lisbon', '2026-03-04T12:00:00Z', 30, '2026-04-03T22:59:59.999Z'],
    ['America/New_York', '2026-03-07T12:00:00Z', 1, '2026-03-09T03:59:59.999Z'],
  ])(
    'in %s, issued at %s and valid for %i days, expires at the end of that local day',
    (zone, issued, validForDays, expected) => {
      const program = aStampProgram({ autoReward: anAutoReward({ validForDays }) }, { zone });
      const { rewards } = minted(program, 10, { at: at(issued) });
      expect(new Date(rewards[0]!.expiresAt!).toISOString()).toBe(expected);
    },
  );

  test('that is valid for ever does not expire', () => {
    const program = aStampProgram({ autoReward: anAutoReward({ validForDays: null }) });
    expect(minted(program, 10).rewards[0]!.expiresAt).toBeNull();
  });
});

describe('a new version while a card is open', () => {
  const twoVersions = (cost: string | null) =>
    aProgram({
      versions: [
        aVersion({ number: 1, to: NOON, autoReward: anAutoReward({ cost: '10', name: 'old' }) }),
        aVersion({
          number: 2,
          from: NOON,
          autoReward:
            cost === null ? null : anAutoReward({ cost, name: 'new', id: anId('rdf', 2) }),
        }),
      ],
    });

  test.each([
    ['8', 8, [], 8, 1],
    ['8', 9, [], 9, 1],
    ['8', 10, [10], 0, 2],
    ['8', 17, [10], 7, 2],
    ['8', 18, [10, 8], 0, 2],
    ['8', 26, [10, 8, 8], 0, 2],
    ['12', 9, [], 9, 1],
    ['12', 10, [10], 0, 2],
    ['12', 21, [10], 11, 2],
    ['12', 22, [10, 12], 0, 2],
  ])(
    'from 10 to %s stamps, a card at %i mints for %j, goes on at %i under version %i',
    (cost, balance, expected, rest, number) => {
      const result = minted(twoVersions(cost), balance);
      expect(costs(result)).toEqual(expected);
      expect(result).toMatchObject({ balance: rest, versionNumber: number });
    },
  );

  test('each reward is the one its own version promised', () => {
    const { rewards } = minted(twoVersions('8'), 18);
    expect(rewards.map(({ name, versionNumber }) => [name, versionNumber])).toEqual([
      ['old', 1],
      ['new', 2],
    ]);
  });

  test('a version that promises nothing ends the minting after the open card', () => {
    const result = minted(twoVersions(null), 25);
    expect(costs(result)).toEqual([10]);
    expect(result).toMatchObject({ balance: 15, versionNumber: 2, postponed: false });
  });

  test('a purchase from before the change opens the next card under the version of its time', () => {
    const result = minted(twoVersions('8'), 18, { at: NOON - 1 });
    expect(costs(result)).toEqual([10]);
    expect(result).toMatchObject({ balance: 8, versionNumber: 1 });
  });
});
