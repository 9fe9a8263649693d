import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  anId,
  aPointProgram,
  aPromotion,
  aPurchase,
  aStampProgram,
  codes,
  coffees,
  deterministicIds,
} from '../../tests/builders/domain.ts';
import type { Program } from '../programs/program.ts';
import { NEW_CUSTOMER, type PromotionFacts } from '../promotions/customer-facts.ts';
import type { LivePromotion } from '../promotions/promotion.ts';
import type { CardDecision } from './earn.ts';
import { earn } from './earn.ts';
import type { EarningFacts } from './facts.ts';
import type { Purchase } from './purchase.ts';

interface Given {
  program?: Program;
  promotions: readonly LivePromotion[];
  facts?: Partial<PromotionFacts>;
  rest?: Partial<Omit<EarningFacts, 'promotions'>>;
  purchase?: Partial<Omit<Purchase, 'businessDate'>>;
}

/** 10 € at a point per euro, unless told otherwise. */
function given({ program = aPointProgram(), promotions, facts, rest, purchase }: Given) {
  return earn(
    {
      purchase: aPurchase(purchase),
      program: { ...program, promotions },
      card: aCard(),
      isNewCard: false,
      earnings: [],
      facts: { promotions: { ...NEW_CUSTOMER, ...facts }, tier: null, staff: null, ...rest },
    },
    deterministicIds(),
  );
}
const points = (decision: CardDecision) => decision.earned / 1_000_000;
const times = (multiplier: string, n: number, over: Parameters<typeof aPromotion>[0] = {}) =>
  aPromotion({ n, name: `× ${multiplier}`, effect: { kind: 'multiplier', multiplier }, ...over });
const bonus = (amount: string, n: number, over: Parameters<typeof aPromotion>[0] = {}) =>
  aPromotion({ n, name: `+ ${amount}`, effect: { kind: 'bonus', amount }, ...over });
const rooms = (...left: number[]) => ({
  rooms: new Map(left.map((room, i) => [anId('prm', i + 1), room * 1_000_000])),
});

describe('several promotions', () => {
  test('of which none is stackable: the largest multiplier wins, in whatever order they stand', () => {
    for (const promotions of [
      [times('2', 1), times('3', 2)],
      [times('3', 2), times('2', 1)],
    ]) {
      expect(points(given({ promotions }))).toBe(30);
    }
  });

  test('stackable ones multiply with the winner, and bonuses add once, not multiplied', () => {
    const promotions = [
      times('2', 1),
      times('1.5', 2, { stackable: true }),
      times('1.1', 3, { stackable: true }),
      bonus('5', 4),
      bonus('2.5', 5),
    ];
    expect(points(given({ promotions }))).toBe(10 * 2 * 1.5 * 1.1 + 7.5);
  });

  test('a product is rounded once, not factor by factor', () => {
    const third = times('1.333333', 1, { stackable: true });
    const sixth = times('1.666667', 2, { stackable: true });
    const program = aPointProgram({ rules: [{ kind: 'perSpend', amount: '100', everyMinor: 1 }] });
    const decision = given({ program, promotions: [third, sixth], purchase: { total: 1_000_000 } });
    expect(decision.earned).toBe(Math.floor(1e14 * 1.333333 * 1.666667));
    expect(BigInt(decision.earned)).toBe(
      (100_000_000_000_000n * 1_333_333n * 1_666_667n) / 10n ** 12n,
    );
  });

  test('the version’s own compete with those beside it', () => {
    const own = [{ name: 'own', multiplier: '2' }];
    const program = aPointProgram({ promotions: own });
    expect(points(given({ program, promotions: [times('3', 1)] }))).toBe(30);
    expect(points(given({ program, promotions: [times('1.5', 1)] }))).toBe(20);
  });

  test('the trace names what counted, and why the rest did not', () => {
    const decision = given({
      promotions: [times('2', 1), times('3', 2), times('4', 3, { tiers: ['Gold'] })],
    });
    const texts = decision.explanation
      .filter(({ code }) => code.startsWith('promotion'))
      .map(({ text }) => text);
    expect(texts).toEqual([
      '× 3: × 3 makes 20 points of it',
      '× 4: only for Gold',
      '× 2: × 3 gives more',
    ]);
  });
});

describe('a bonus', () => {
  test('is for a sale of which something was paid', () => {
    const paid = (total: number) =>
      points(given({ promotions: [bonus('5', 1)], purchase: { total } }));
    expect([paid(0), paid(1)]).toEqual([0, 5.01]);
  });

  test('counts in stamps as well, and completes a card', () => {
    const program = aStampProgram();
    const promotions = [aPromotion({ effect: { kind: 'bonus', amount: '9' } }, 'stamp')];
    expect(given({ program, promotions, purchase: coffees(1) }).rewards).toHaveLength(1);
  });
});

describe('a budget', () => {
  const limited = times('3', 1, { budget: '1000' });

  test.each([
    [0, 0],
    [19, 19],
    [20, 20],
    [21, 20],
  ])('with %i points left gives %i of the 20 that three times ten would add', (left, extra) => {
    const decision = given({ promotions: [limited], facts: rooms(left) });
    expect(points(decision)).toBe(10 + extra);
    expect(codes(decision).includes('promotion-budget')).toBe(extra > 0 && extra < 20);
    expect(decision.perks?.counts).toEqual(
      extra > 0 ? [{ key: `budget:${anId('prm', 1)}`, change: extra * 1_000_000 }] : [],
    );
  });

  test('that nobody has read gives nothing', () => {
    expect(points(given({ promotions: [limited] }))).toBe(10);
  });

  test.each([
    [10, 20],
    [11, 21],
  ])(
    'with %i left: the promotion that gives most wins, though another is larger',
    (left, total) => {
      const promotions = [limited, times('2', 2)];
      const decision = given({ promotions, facts: rooms(left) });
      expect(points(decision)).toBe(total);
      expect(decision.perks?.uses).toHaveLength(1);
    },
  );

  test('pays only what caps left of its gift, the last layer first', () => {
    const program = aPointProgram({ caps: { perTransaction: '32' } });
    const decision = given({
      program,
      promotions: [limited, bonus('5', 2, { budget: '100' })],
      facts: rooms(100, 100),
    });
    expect(decision.layers.map(({ given: amount }) => amount / 1e6)).toEqual([20, 2]);
    const tight = aPointProgram({ caps: { perTransaction: '10' } });
    const nothing = given({ program: tight, promotions: [limited], facts: rooms(100) });
    expect([nothing.perks?.uses, nothing.perks?.counts]).toEqual([[], []]);
  });
});

describe('a limit', () => {
  const twice = times('2', 1, { limit: { uses: 2, per: 'day' } });
  const used = (n: number) => ({ uses: new Map([[anId('prm', 1), n]]) });

  test.each([
    [0, 20],
    [1, 20],
    [2, 10],
    [3, 10],
  ])('of two, used %i times, leaves %i points', (n, expected) => {
    expect(points(given({ promotions: [twice], facts: used(n) }))).toBe(expected);
  });

  test('is not used by a sale that got nothing from it', () => {
    expect(given({ promotions: [twice], purchase: { total: 0 } }).perks?.uses).toEqual([]);
    expect(given({ promotions: [twice] }).perks?.uses).toEqual([
      { promotionId: anId('prm', 1), uses: 1, amount: 10_000_000, date: '2026-03-04' },
    ]);
  });

  test('that is used up leaves the field to the next largest', () => {
    const promotions = [twice, times('1.5', 2)];
    expect(points(given({ promotions, facts: used(2) }))).toBe(15);
  });
});

describe('a level', () => {
  const held = (name: string, multiplier: bigint | null) => ({
    tier: {
      rules: {
        by: 'earned',
        window: { kind: 'calendarYear' },
        downgrade: 'one-step',
        levels: [{ name, threshold: '1000' }],
      } as const,
      held: { name, multiplier },
      history: [],
      progress: { earned: 0, spend: 0 },
    },
  });

  test('multiplies with whatever promotion wins: it was earned', () => {
    const promotions = [times('2', 1)];
    expect(points(given({ promotions, rest: held('Gold', 1_500_000n) }))).toBe(30);
    expect(points(given({ promotions: [], rest: held('Gold', 1_500_000n) }))).toBe(15);
  });

  test('opens the promotions that are for it', () => {
    const promotions = [times('2', 1, { tiers: ['Gold'] })];
    expect(points(given({ promotions, rest: held('Gold', null) }))).toBe(20);
    expect(points(given({ promotions, rest: held('Silver', null) }))).toBe(10);
  });
});

describe('a cap per member of staff', () => {
  const staff = (alreadyGiven: number) => ({ staff: { id: anId('stf'), given: alreadyGiven } });
  const program = aStampProgram({ caps: { perStaffPerBusinessDay: '5' } });

  test.each([
    [3, 2, 0],
    [4, 1, 1],
    [5, 0, 2],
    [6, 0, 2],
  ])('of five a day, after %i, leaves %i of two and says so', (already, earned, capped) => {
    const decision = given({ program, promotions: [], rest: staff(already), purchase: coffees(2) });
    expect(decision).toMatchObject({ earned, capped });
    expect(codes(decision).includes('cap-staff')).toBe(capped > 0);
    expect(decision.perks?.counts).toEqual(
      earned > 0 ? [{ key: `staff:${anId('prg')}:${anId('stf')}:2026-03-04`, change: earned }] : [],
    );
  });

  test('does not count where the sale names nobody', () => {
    expect(given({ program, promotions: [], purchase: coffees(9) }).earned).toBe(9);
  });
});
