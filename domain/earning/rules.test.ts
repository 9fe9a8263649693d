import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aLine, aPointProgram, aProgram, aReceipt, aVersion } from '../../tests/builders/domain.ts';
import type { EarnRule, ProgramVersion } from '../programs/program.ts';
import type { Unit } from '../values/units.ts';
import { computeBase } from './base.ts';
import type { Multiplier } from '../promotions/layers.ts';
import { MULTIPLIER_ONE } from '../promotions/promotion.ts';
import type { PurchaseLine } from './purchase.ts';
import { applyRules, type RulesOutcome } from './rules.ts';

interface Case {
  unit?: Unit;
  currency?: string;
  /** Minor units of a total-only sale; or give `lines`. */
  total?: number;
  lines?: readonly PurchaseLine[];
  version?: Partial<ProgramVersion>;
  multiplier?: Multiplier;
}

function given(rules: readonly EarnRule[], over: Case): RulesOutcome {
  const { unit = 'stamp', currency = 'EUR', total = 1000, lines = [] } = over;
  const version = aVersion({ rules, ...over.version });
  const base = computeBase(aReceipt({ total, currency, lines }), { earnOnTax: true });
  return applyRules(
    aProgram({ unit, currency, versions: [version] }),
    version,
    base,
    over.multiplier ?? { scaled: MULTIPLIER_ONE },
  );
}
const stepCodes = (outcome: RulesOutcome) => outcome.steps.map((step) => step.code);
const texts = (outcome: RulesOutcome) => outcome.steps.map((step) => step.text).join('\n');

describe('perVisit', () => {
  test.each([
    [499, 0],
    [500, 1],
    [501, 1],
  ])('with a minimum of 5.00, a sale of %i cents gives %i', (total, expected) => {
    const outcome = given([{ kind: 'perVisit', amount: '1', minimumSpendMinor: 500 }], { total });
    expect(outcome.amount).toBe(expected);
    expect(stepCodes(outcome)).toEqual([expected ? 'rule-matched' : 'rule-not-matched']);
  });

  test.each([
    ['no minimum', {}],
    ['a minimum of zero', { minimumSpendMinor: 0 }],
  ])('with %s, a cent is a visit and a gift is not', (_, minimum) => {
    const rule = { kind: 'perVisit', amount: '1', ...minimum } as const;
    expect(given([rule], { total: 0 }).amount).toBe(0);
    expect(given([rule], { total: 1 }).amount).toBe(1);
  });

  test('a visit that misses the minimum is told what it takes', () => {
    const rule = { kind: 'perVisit', amount: '2', minimumSpendMinor: 500 } as const;
    expect(texts(given([rule], { total: 499 }))).toBe(
      '2 stamps per visit: needs at least 5.00 EUR',
    );
  });
});

describe('perSpend', () => {
  test.each([
    ['stamp', 499, 0],
    ['stamp', 500, 1],
    ['stamp', 501, 1],
    ['stamp', 999, 1],
    ['stamp', 1000, 2],
    ['point', 499, 998_000],
    ['point', 500, 1_000_000],
    ['point', 501, 1_002_000],
  ] as const)('one %s per 5.00: %i cents give %i ledger units', (unit, total, expected) => {
    const rule = { kind: 'perSpend', amount: '1', everyMinor: 500 } as const;
    expect(given([rule], { unit, total }).amount).toBe(expected);
  });

  test.each([
    ['JPY', 100, 350, 3_500_000],
    ['KWD', 1000, 1250, 1_250_000],
  ])('%s counts in its own minor units', (currency, everyMinor, total, expected) => {
    const rule = { kind: 'perSpend', amount: '1', everyMinor } as const;
    expect(given([rule], { unit: 'point', currency, total }).amount).toBe(expected);
  });

  test('a share of a micro-point is rounded down', () => {
    const rule = { kind: 'perSpend', amount: '1', everyMinor: 300 } as const;
    expect(given([rule], { unit: 'point', total: 100 }).amount).toBe(333_333);
    expect(given([rule], { unit: 'point', total: 200 }).amount).toBe(666_666);
  });

  test('a sale too small for anything says so', () => {
    const rule = { kind: 'perSpend', amount: '1', everyMinor: 500 } as const;
    const outcome = given([rule], { total: 499 });
    expect(stepCodes(outcome)).toEqual(['rule-not-matched']);
    expect(texts(outcome)).toContain('4.99 EUR is not enough');
  });

  test('a sum beyond 2^53 is refused rather than off by a unit', () => {
    const rule = { kind: 'perSpend', amount: '1000', everyMinor: 1 } as const;
    expect(given([rule], { unit: 'point', total: 9_007_199 }).amount).toBe(9_007_199_000_000_000);
    expect(() => given([rule], { unit: 'point', total: 9_007_200 })).toThrow(RangeError);
  });
});

describe('perItem', () => {
  const rule = (over: { skus?: string[]; categories?: string[] } = {}): EarnRule => ({
    kind: 'perItem',
    amount: '1',
    ...over,
  });
  const lines = [
    aLine({ sku: 'flat-white', category: 'coffee', quantity: '2' }),
    aLine({ sku: 'espresso', category: 'coffee' }),
    aLine({ sku: 'cake', category: 'food' }),
    aLine({ quantity: '4' }),
  ];

  test.each([
    ['every item, when it names none', {}, 8],
    ['one sku', { skus: ['flat-white'] }, 2],
    ['several skus', { skus: ['flat-white', 'cake'] }, 3],
    ['a category', { categories: ['coffee'] }, 3],
    ['a sku or a category', { skus: ['cake'], categories: ['coffee'] }, 4],
    [
      'a line once, though sku and category both match',
      { skus: ['espresso'], categories: ['coffee'] },
      3,
    ],
    ['nothing, when none was bought', { skus: ['tea'] }, 0],
    ['nothing, when its list is empty', { skus: [] }, 0],
  ])('counts %s', (_, over, expected) => {
    expect(given([rule(over)], { total: 800, lines }).amount).toBe(expected);
  });

  test('an item given for free counts for nothing', () => {
    const free = [aLine({ sku: 'coffee', discount: 100 }), aLine({ sku: 'coffee' })];
    expect(given([rule({ skus: ['coffee'] })], { total: 100, lines: free }).amount).toBe(1);
  });

  test.each([
    ['stamp', '0.999999', 0],
    ['stamp', '1', 1],
    ['stamp', '1.999999', 1],
    ['stamp', '2', 2],
    ['point', '0.345', 345_000],
  ] as const)(
    'a weight earns for its whole %ss or its share: %s kg give %i',
    (unit, quantity, expected) => {
      const cheese = [aLine({ sku: 'cheese', quantity, unitPrice: 1000 })];
      expect(given([rule({ skus: ['cheese'] })], { unit, lines: cheese }).amount).toBe(expected);
    },
  );

  test('weights add up before they are rounded', () => {
    const cheese = [aLine({ quantity: '0.5' }), aLine({ quantity: '0.5' })];
    expect(given([rule()], { total: 100, lines: cheese }).amount).toBe(1);
  });

  test('a weight too small for a stamp is not called nothing bought', () => {
    const cheese = [aLine({ sku: 'cheese', quantity: '0.5', unitPrice: 1000 })];
    const some = given([rule({ skus: ['cheese'] })], { total: 500, lines: cheese });
    expect(stepCodes(some)).toEqual(['rule-not-matched']);
    expect(texts(some)).not.toContain('none bought');
    const none = given([rule({ skus: ['ham'] })], { total: 500, lines: cheese });
    expect(texts(none)).toContain('none bought');
  });

  test('the trace says of what, and how many', () => {
    const outcome = given([rule({ categories: ['coffee'] })], { total: 800, lines });
    expect(texts(outcome)).toBe('1 stamp per coffee × 3: 3 stamps');
  });
});

describe('rounding', () => {
  const rule = { kind: 'perSpend', amount: '1', everyMinor: 100 } as const;

  test.each([
    [375, 3_000_000, true],
    [399, 3_000_000, true],
    [400, 4_000_000, false],
    [99, 0, true],
  ])(
    'without carrying, %i cents give %i, and a dropped fraction is said',
    (total, expected, dropped) => {
      const outcome = given([rule], { unit: 'point', total, version: { carryFractions: false } });
      expect(outcome.amount).toBe(expected);
      expect(stepCodes(outcome).includes('fraction-dropped')).toBe(dropped);
    },
  );

  test('the dropped fraction is named', () => {
    const outcome = given([rule], {
      unit: 'point',
      total: 375,
      version: { carryFractions: false },
    });
    expect(texts(outcome)).toContain('0.75 of a point dropped');
  });

  test('with carrying, nothing is dropped', () => {
    const outcome = given([rule], { unit: 'point', total: 375 });
    expect(outcome.amount).toBe(3_750_000);
    expect(stepCodes(outcome)).toEqual(['rule-matched']);
  });

  test('each rule is rounded by itself', () => {
    const outcome = given([rule, rule], {
      unit: 'point',
      total: 150,
      version: { carryFractions: false },
    });
    expect(outcome.amount).toBe(2_000_000);
  });

  test('the multiplier comes before the rounding', () => {
    const double = { scaled: 2n * MULTIPLIER_ONE };
    const whole = { carryFractions: false };
    expect(
      given([rule], { unit: 'point', total: 150, version: whole, multiplier: double }).amount,
    ).toBe(3_000_000);
    const perFive = { kind: 'perSpend', amount: '1', everyMinor: 500 } as const;
    expect(given([perFive], { total: 250, multiplier: double }).amount).toBe(1);
  });

  test('what is given never exceeds the exact amount, and falls short by less than its grain', () => {
    const program = aPointProgram();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.boolean(),
        (total, everyMinor, carryFractions) => {
          const version = aVersion({
            rules: [{ kind: 'perSpend', amount: '1', everyMinor }],
            carryFractions,
          });
          const base = computeBase(aReceipt({ total }), { earnOnTax: true });
          const { amount } = applyRules(program, version, base, { scaled: MULTIPLIER_ONE });
          const short = BigInt(total) * 1_000_000n - BigInt(amount) * BigInt(everyMinor);
          const grain = carryFractions ? 1n : 1_000_000n;
          expect(short >= 0n && short < grain * BigInt(everyMinor)).toBe(true);
          expect(BigInt(amount) % grain).toBe(0n);
        },
      ),
    );
  });
});

describe('several rules', () => {
  const rules = [
    { kind: 'perVisit', amount: '1', minimumSpendMinor: 500 },
    { kind: 'perSpend', amount: '1', everyMinor: 400 },
    { kind: 'perItem', amount: '5', skus: ['cake'] },
  ] as const;

  test('sum: those that match add up, and each is told, matched or not', () => {
    const outcome = given(rules, { total: 1000, version: { combine: 'sum' } });
    expect(outcome.amount).toBe(3);
    expect(stepCodes(outcome)).toEqual([
      'rule-matched',
      'rule-matched',
      'fraction-dropped',
      'rule-not-matched',
    ]);
  });

  test('best: the one that gives most counts, and the trace says the others do not', () => {
    const outcome = given(rules, { total: 1000, version: { combine: 'best' } });
    expect(outcome.amount).toBe(2);
    expect(stepCodes(outcome).at(-1)).toBe('best-rule');
  });

  test('best: with one rule matching, nothing was taken away and nothing is said', () => {
    const outcome = given(rules, {
      total: 500,
      version: { combine: 'best', rules: [rules[0], rules[2]] },
    });
    expect(outcome.amount).toBe(1);
    expect(stepCodes(outcome)).not.toContain('best-rule');
  });

  test.each(['sum', 'best'] as const)(
    '%s: no rules, or none that match, give nothing',
    (combine) => {
      expect(given([], { version: { combine } }).amount).toBe(0);
      expect(given(rules, { total: 399, version: { combine } }).amount).toBe(0);
    },
  );
});
