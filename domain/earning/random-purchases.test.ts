import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCardHistory,
  aLine,
  anAutoReward,
  aProgram,
  aStore,
  aVersion,
  codes,
  NOON,
} from '../../tests/builders/domain.ts';
import type { Caps, EarnRule, Program } from '../programs/program.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import { toLedgerUnits, type Unit } from '../values/units.ts';
import type { CardDecision } from './earn.ts';
import { isBalanced } from '../ledger/book-entry.ts';

const positive = (max: number) => fc.integer({ min: 1, max }).map(String);
const rule: fc.Arbitrary<EarnRule> = fc.oneof(
  fc.record({ kind: fc.constant('perVisit'), amount: positive(3), minimumSpendMinor: fc.nat(500) }),
  fc.record({
    kind: fc.constant('perSpend'),
    amount: positive(5),
    everyMinor: fc.integer({ min: 1, max: 700 }),
  }),
  fc.record({ kind: fc.constant('perItem'), amount: positive(3) }),
);
const caps: fc.Arbitrary<Caps> = fc.record(
  {
    perTransaction: positive(40),
    perBusinessDay: positive(60),
    minimumMinutesBetween: fc.integer({ min: 1, max: 90 }),
  },
  { requiredKeys: [] },
);
const version = (unit: Unit) =>
  fc.record({
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    combine: fc.constantFrom('sum' as const, 'best' as const),
    carryFractions: fc.boolean(),
    caps,
    promotions: fc.constantFrom([], [{ name: 'Tuesday', weekdays: [2], multiplier: '2.5' }]),
    autoReward: fc
      .integer({ min: 1, max: unit === 'stamp' ? 12 : 60 })
      .map((cost) => anAutoReward({ cost: String(cost) })),
  });
/** A program whose rules, caps and goal change at noon, in the middle of the purchases. */
const program: fc.Arbitrary<Program> = fc
  .constantFrom<Unit>('stamp', 'point')
  .chain((unit) => fc.record({ unit: fc.constant(unit), old: version(unit), next: version(unit) }))
  .map(({ unit, old, next }) =>
    aProgram({
      unit,
      versions: [
        aVersion({ ...old, number: 1, to: NOON }),
        aVersion({ ...next, number: 2, from: NOON }),
      ],
    }),
  );
interface Sale {
  quantity: string;
  unitPrice: number;
  /** Of the total, paid with points. */
  pointsShare: number;
  /** From noon; negative is before the program changes. */
  minutes: number;
}
const purchase: fc.Arbitrary<Sale> = fc.record({
  quantity: fc.constantFrom('1', '2', '5', '0.345', '12.5'),
  unitPrice: fc.nat(2000),
  pointsShare: fc.constantFrom(0, 0, 0.5, 1),
  minutes: fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 }),
});
const purchases = fc.array(purchase, { minLength: 1, maxLength: 15 });
const store = aStore({ dayStartMinutes: 240 });

/** All purchases in the order they arrive, which is not the order they occurred. */
function play(program: Program, sales: readonly Sale[]) {
  const history = aCardHistory(program);
  const occurred: { at: number; decision: CardDecision }[] = [];
  for (const sale of sales) {
    const line = aLine({ quantity: sale.quantity, unitPrice: sale.unitPrice });
    const total = Math.round(Number(sale.quantity) * sale.unitPrice);
    const points = Math.floor(total * sale.pointsShare);
    const decision = history.buy({
      store,
      total,
      lines: [line],
      tenders: [{ kind: 'points', amount: points }],
      occurredAt: NOON + sale.minutes * MINUTE_MS,
    });
    occurred.push({ at: NOON + sale.minutes * MINUTE_MS, decision });
  }
  return { history, occurred };
}
const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('whatever is bought, in whatever order it arrives', () => {
  test('the card always balances: postings, lots and balance agree and nothing is negative', () => {
    fc.assert(
      fc.property(program, purchases, (program, sales) => {
        const { history } = play(program, sales);
        let earned = 0;
        let redeemed = 0;
        for (const decision of history.decisions) {
          earned += decision.earned;
          redeemed += total(decision.rewards.map((reward) => reward.cost));
          expect(isBalanced(decision)).toBe(true);
          expect(decision.card.balance).toBe(earned - redeemed);
          expect(total(decision.card.lots.map((lot) => lot.remaining))).toBe(decision.card.balance);
          expect(decision.card.lots.every((lot) => lot.remaining > 0)).toBe(true);
          expect(decision.earned).toBeGreaterThanOrEqual(0);
          expect(decision.capped).toBeGreaterThanOrEqual(0);
          expect(Number.isSafeInteger(decision.card.balance)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no reward that is due stays on the card, unless the trace says it was postponed', () => {
    fc.assert(
      fc.property(program, purchases, (program, sales) => {
        for (const decision of play(program, sales).history.decisions) {
          const postponed = codes(decision).includes('rewards-postponed');
          expect(decision.card.balance >= decision.target!).toBe(postponed);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a decision’s draws and new lot are exactly what its lots did', () => {
    fc.assert(
      fc.property(program, purchases, (program, sales) => {
        const before = new Map<string, number>();
        for (const { decision } of play(program, sales).occurred) {
          for (const draw of decision.draws) {
            expect(draw.amount).toBeLessThanOrEqual(before.get(draw.lotId) ?? 0);
            before.set(draw.lotId, before.get(draw.lotId)! - draw.amount);
          }
          for (const lot of decision.newLots) before.set(lot.id, lot.remaining);
          const left = [...before].filter(([, remaining]) => remaining > 0);
          expect(new Map(left)).toEqual(
            new Map(decision.card.lots.map((lot) => [lot.id, lot.remaining])),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  test('no cap is ever exceeded', () => {
    const capped = fc.tuple(
      fc.constantFrom<Unit>('stamp', 'point'),
      caps,
      fc.array(rule, { minLength: 1 }),
    );
    fc.assert(
      fc.property(capped, purchases, ([unit, caps, rules], sales) => {
        const program = aProgram({ unit, versions: [aVersion({ rules, caps })] });
        const given = play(program, sales).occurred.filter(({ decision }) => decision.earned > 0);
        if (caps.perTransaction !== undefined) {
          const limit = toLedgerUnits(caps.perTransaction, unit);
          expect(given.every(({ decision }) => decision.earned <= limit)).toBe(true);
        }
        if (caps.perBusinessDay !== undefined) {
          const byDate = new Map<number, number>();
          for (const { at, decision } of given) {
            // Lisbon is on UTC in these four days, and its day starts at 04:00.
            const day = Math.floor((at - 240 * MINUTE_MS) / DAY_MS);
            byDate.set(day, (byDate.get(day) ?? 0) + decision.earned);
          }
          const limit = toLedgerUnits(caps.perBusinessDay, unit);
          expect([...byDate.values()].every((amount) => amount <= limit)).toBe(true);
        }
        const gap = (caps.minimumMinutesBetween ?? 0) * MINUTE_MS;
        const times = given.map(({ at }) => at).toSorted((a, b) => a - b);
        expect(times.every((at, i) => i === 0 || at - times[i - 1]! >= gap)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
