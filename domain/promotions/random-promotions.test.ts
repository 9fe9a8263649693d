/** Budgets and limits, whatever is bought and given back, in whatever order and however often. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aBusiness,
  aCard,
  anId,
  aPointProgram,
  aPromotion,
  aRecordPurchase,
  aStampProgram,
  aStore,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { computeBase } from '../earning/base.ts';
import { type BusinessConfig, decidePurchase } from '../earning/decide-purchase.ts';
import type { CardDecision } from '../earning/earn.ts';
import { FactsSoFar } from '../earning/facts-so-far.ts';
import { layeredAmount } from '../earning/promote.ts';
import { type LoadedFacts, NO_ANSWERS, questionsOf } from '../earning/sale-facts.ts';
import type { Program } from '../programs/program.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import type { Unit } from '../values/units.ts';
import { isInPeriod, limitPeriod } from './customer-facts.ts';
import type { LivePromotion, UseLimit } from './promotion.ts';
import { takeBackUses } from './refunded.ts';

const BUDGET = 40;

interface Sale {
  customer: number;
  total: number;
  minutes: number;
  /** What of it is refunded at once, in hundredths. */
  refunded: number;
}

const sale: fc.Arbitrary<Sale> = fc.record({
  customer: fc.integer({ min: 1, max: 3 }),
  total: fc.constantFrom(0, 1, 99, 100, 250, 1000, 1999),
  minutes: fc.integer({ min: -8 * 24 * 60, max: 8 * 24 * 60 }),
  refunded: fc.constantFrom(0, 0, 0, 37, 100),
});
const limit: fc.Arbitrary<UseLimit> = fc.record({
  uses: fc.integer({ min: 1, max: 3 }),
  per: fc.constantFrom('day', 'week', 'month', 'promotion'),
});
const effect = fc.constantFrom(
  { kind: 'multiplier', multiplier: '2' } as const,
  { kind: 'multiplier', multiplier: '1.3' } as const,
  { kind: 'bonus', amount: '3' } as const,
);
const promotions = fc.array(
  fc.record({ effect, stackable: fc.boolean(), limit, hasBudget: fc.boolean() }),
  { minLength: 1, maxLength: 4 },
);

/** All sales as one batch, each followed by its refund: the longest way without a database. */
function play(unit: Unit, live: readonly LivePromotion[], sales: readonly Sale[]) {
  const plain: Program = unit === 'point' ? aPointProgram() : aStampProgram();
  const program = { ...plain, promotions: live };
  const store = aStore({ dayStartMinutes: 240 });
  const config: BusinessConfig = {
    business: aBusiness(),
    stores: [store],
    programs: [program],
  };
  const whole = unit === 'point' ? 1_000_000 : 1;
  const counters: LoadedFacts['counters'] = new Map(
    live.map(({ id }) => [`${anId('biz')} budget:${id}`, { used: 0, ceiling: BUDGET * whole }]),
  );
  const asked = sales.map(({ minutes }) =>
    questionsOf(config, { storeId: store.id, occurredAt: NOON + minutes * MINUTE_MS }),
  );
  const facts = new FactsSoFar({
    counters,
    sales: new Map(
      asked.map((all, i) => [i, all.map((questions) => ({ questions, answers: NO_ANSWERS }))]),
    ),
  });
  const ids = deterministicIds();
  return sales.map(({ customer, total, minutes, refunded }, ordinal) => {
    const occurredAt = NOON + minutes * MINUTE_MS;
    const customerId = anId('cus', customer);
    const query = { ordinal, businessId: anId('biz'), customerId, occurredAt };
    const card = aCard({ id: anId('crd', customer), customerId });
    const decision = decidePurchase(
      aRecordPurchase({ total, occurredAt }),
      {
        config,
        customer: { kind: 'known', id: customerId, cards: [card] },
        earnings: new Map(),
        facts: facts.factsOf(query),
      },
      ids,
    );
    if (decision.kind === 'refused') throw new Error(decision.code);
    facts.apply(anId('biz'), customerId, decision.cards);
    const [made] = decision.cards as [CardDecision];
    const date = decision.purchase.businessDate;
    const left = Math.floor((total * (100 - refunded)) / 100);
    const base = computeBase({ ...decision.purchase, total: left }, { earnOnTax: true });
    const version = program.versions[0]!;
    const remains = layeredAmount({ program, version, layers: made.layers }, base, made.earned);
    const back = takeBackUses(made.layers, remains.layers, date);
    if (refunded > 0) {
      const perks = { ...back, progress: null, tierChange: null };
      facts.apply(anId('biz'), customerId, [{ card, perks }]);
    }
    return { customer, date, made, remains, back: refunded > 0 ? back : { uses: [], counts: [] } };
  });
}

test('no budget is overspent and no limit passed; refunds give back what was given, and no more', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Unit>('point', 'stamp'),
      promotions,
      fc.array(sale, { minLength: 1, maxLength: 25 }),
      (unit, specs, sales) => {
        const whole = unit === 'point' ? 1_000_000 : 1;
        const live = specs.map(({ hasBudget, ...over }, i) =>
          aPromotion({ n: i + 1, ...over, ...(hasBudget && { budget: String(BUDGET) }) }, unit),
        );
        const played = play(unit, live, sales);
        for (const promotion of live) {
          let given = 0;
          const used: { customer: number; date: string; uses: number }[] = [];
          for (const { customer, date, made, back } of played) {
            for (const use of [...made.perks!.uses, ...back.uses]) {
              if (use.promotionId !== promotion.id) continue;
              given += use.amount;
              used.push({ customer, date, uses: use.uses });
              if (promotion.hasBudget) expect(given).toBeLessThanOrEqual(BUDGET * whole);
              expect(given).toBeGreaterThanOrEqual(0);
              const period = limitPeriod(promotion.limit!.per, date);
              const now = used
                .filter((u) => u.customer === customer && isInPeriod(period, u.date))
                .reduce((sum, u) => sum + u.uses, 0);
              expect(now).toBeLessThanOrEqual(promotion.limit!.uses);
              expect(now).toBeGreaterThanOrEqual(0);
            }
          }
        }
        for (const { made, remains } of played) {
          expect(remains.amount).toBeLessThanOrEqual(made.earned);
          remains.layers.forEach((layer, i) =>
            expect(layer.given).toBeLessThanOrEqual(made.layers[i]!.given),
          );
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('a sale that is wholly refunded gives its promotions everything back', () => {
  const live = [aPromotion({ budget: '40', limit: { uses: 1, per: 'day' } })];
  const day = DAY_MS / MINUTE_MS;
  const sales = [0, 0, day].map((minutes) => ({
    customer: 1,
    total: 1000,
    minutes,
    refunded: minutes === 0 ? 100 : 0,
  }));
  const [first, again, next] = play('point', live, sales);
  expect([first, again, next].map((one) => one!.made.earned / 1e6)).toEqual([20, 20, 20]);
  expect(first!.back).toEqual({
    uses: [{ promotionId: anId('prm'), uses: -1, amount: -10_000_000, date: '2026-03-04' }],
    counts: [{ key: `budget:${anId('prm')}`, change: -10_000_000 }],
  });
});
