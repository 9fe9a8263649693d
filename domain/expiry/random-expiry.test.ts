import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCard,
  anAutoReward,
  aPurchase,
  aStampProgram,
  coffees,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { earn } from '../earning/earn.ts';
import { type CardChange, isBalanced } from '../ledger/book-entry.ts';
import { DAY_MS, type Instant } from '../values/time.ts';
import { expireLots } from './expire.ts';
import type { ExpiryRule } from './rule.ts';

const DAYS = 120;
const END = NOON + (DAYS + 400) * DAY_MS;
const period = fc.constantFrom('P1D', 'P7D', 'P2W', 'P1M');
const rule: fc.Arbitrary<ExpiryRule> = fc.oneof(
  fc.record({
    kind: fc.constant('rolling' as const),
    period,
    countedFrom: fc.constantFrom('each-earning' as const, 'first-earning' as const),
  }),
  fc.record({
    kind: fc.constant('fixed' as const),
    dates: fc.constantFrom(['03-31'], ['03-15', '04-30', '06-30']),
    atLeast: fc.option(period),
  }),
  fc.record({ kind: fc.constant('inactivity' as const), period }),
);
const sale = fc.record({
  at: fc.nat(DAYS * 24).map((hour) => NOON + hour * 3_600_000),
  n: fc.integer({ min: 1, max: 6 }),
});
const sales = fc.array(sale, { minLength: 1, maxLength: 30 });

type Sale = { at: Instant; n: number };

/** A card through sales, with a sweep as of `sweepAt` after each; all that happened to it. */
function live(
  expiry: ExpiryRule,
  list: readonly Sale[],
  sweepAt: (sale: Sale) => readonly Instant[],
) {
  const ids = deterministicIds();
  const program = aStampProgram({ expiry, autoReward: anAutoReward({ cost: '10' }) });
  let card = aCard();
  const changes: CardChange[] = [];
  const settle = (at: Instant) => {
    const settled = expireLots(card, at);
    changes.push(...settled.expiries.map(({ change }) => change));
    card = settled.card;
  };
  for (const one of list) {
    settle(one.at);
    const purchase = aPurchase({ ...coffees(one.n), occurredAt: one.at });
    const decision = earn({ purchase, program, card, isNewCard: false, earnings: [] }, ids);
    changes.push(decision);
    card = decision.card;
    for (const at of sweepAt(one)) settle(at);
  }
  settle(END);
  return { card, changes };
}

const total = (changes: readonly CardChange[], account: 'issued' | 'redeemed' | 'expired') =>
  changes
    .flatMap(({ postings }) => postings)
    .filter(({ from, to }) => from === account || to === account)
    .reduce((sum, { amount }) => sum + amount, 0);

const inOrder = (list: readonly Sale[]) => list.toSorted((a, b) => a.at - b.at);

describe('whatever is sold, in whatever order, and whenever it is swept', () => {
  test('no balance is negative, and balance, postings and lots agree after each step', () => {
    fc.assert(
      fc.property(rule, sales, fc.array(fc.nat(DAYS)), (expiry, list, sweeps) => {
        const { card, changes } = live(expiry, list, () =>
          sweeps.map((day) => NOON + day * DAY_MS),
        );
        for (const change of changes) {
          expect(isBalanced(change)).toBe(true);
          const lots = change.card.lots.reduce((sum, lot) => sum + lot.remaining, 0);
          expect(change.card.balance).toBe(lots);
        }
        expect(card).toMatchObject({ balance: 0, lots: [] });
        expect(total(changes, 'issued')).toBe(
          total(changes, 'redeemed') + total(changes, 'expired'),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('sales that come in order', () => {
  test('leave the same books whether they are swept at once, late, twice or early', () => {
    fc.assert(
      fc.property(rule, sales, (expiry, list) => {
        const ordered = inOrder(list);
        const sums = [
          live(expiry, ordered, () => []),
          live(expiry, ordered, ({ at }) => [at]),
          live(expiry, ordered, ({ at }) => [at, at]),
          live(expiry, ordered, ({ at }) => [at - DAY_MS]),
        ].map(({ card, changes }) => ({
          balance: card.balance,
          redeemed: total(changes, 'redeemed'),
          expired: total(changes, 'expired'),
        }));
        for (const sum of sums) expect(sum).toEqual(sums[0]);
      }),
      { numRuns: 150 },
    );
  });
});
