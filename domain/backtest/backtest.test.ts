import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCard,
  aCardHistory,
  anAutoReward,
  anId,
  aPointProgram,
  aPurchase,
  aStampProgram,
  aVersion,
  coffees,
  NOON,
} from '../../tests/builders/domain.ts';
import { RefundableCard } from '../../tests/builders/refunds.ts';
import type { Purchase } from '../earning/purchase.ts';
import type { Program, ProgramVersion } from '../programs/program.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import { type BacktestReport, createBacktest, MOST_CHANGED } from './backtest.ts';
import type { CardHistory, PastRefund } from './card-history.ts';

/** One card that really bought a coffee a day, `days` times, starting with `opening` on it. */
function aHistory(program: Program, days: number, opening = 0, n = 1): CardHistory {
  const card = aCard({ id: anId('crd', n), balance: opening });
  const past = aCardHistory(program, card);
  const purchases = Array.from({ length: days }, (_, day) =>
    aPurchase({ ...coffees(1), occurredAt: NOON + day * DAY_MS }),
  );
  for (const purchase of purchases) past.buy(purchase);
  const rewards = past.decisions.flatMap((decision) => decision.rewards);
  return {
    cardId: card.id,
    customerId: anId('cus', n),
    openingBalance: opening,
    versionNumber: 1,
    purchases,
    movements: [],
    actual: {
      earned: past.decisions.reduce((sum, decision) => sum + decision.earned, 0),
      rewards: rewards.length,
      rewardsCost: rewards.reduce((sum, reward) => sum + reward.cost, 0),
      balance: past.card.balance,
    },
  };
}

function tried(
  program: Program,
  draft: ProgramVersion,
  ...histories: readonly CardHistory[]
): BacktestReport {
  const backtest = createBacktest({ program, draft });
  for (const history of histories) backtest.judge(history);
  return backtest.report();
}

const inForce = (program: Program) => program.versions[0]!;

describe('trying a version on history', () => {
  test('changes nobody when it is the version that was in force, whatever was bought', () => {
    const programs = [
      aStampProgram(),
      aPointProgram(),
      aStampProgram({ caps: { perBusinessDay: '1', minimumMinutesBetween: 30 } }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...programs),
        fc.array(fc.record({ gap: fc.nat(3_000), items: fc.integer({ min: 1, max: 12 }) })),
        fc.nat(9),
        (program, visits, opening) => {
          const past = aCardHistory(program, aCard({ balance: opening }));
          let at = NOON;
          const purchases = visits.map(({ gap, items }) =>
            aPurchase({ ...coffees(items), occurredAt: (at += gap * MINUTE_MS) }),
          );
          for (const purchase of purchases) past.buy(purchase);
          const rewards = past.decisions.flatMap((decision) => decision.rewards);
          const report = tried(program, inForce(program), {
            cardId: anId('crd'),
            customerId: anId('cus'),
            openingBalance: opening,
            versionNumber: 1,
            purchases,
            movements: [],
            actual: {
              earned: past.decisions.reduce((sum, decision) => sum + decision.earned, 0),
              rewards: rewards.length,
              rewardsCost: rewards.reduce((sum, reward) => sum + reward.cost, 0),
              balance: past.card.balance,
            },
          });
          expect(report).toMatchObject({ changedCards: 0, mostChanged: [] });
          expect(report.draft).toEqual(report.actual);
        },
      ),
    );
  });

  test('shows what a cheaper reward would have given, from what was on the card', () => {
    const program = aStampProgram();
    const draft = aVersion({ ...inForce(program), autoReward: anAutoReward({ cost: '5' }) });
    const report = tried(program, draft, aHistory(program, 12, 3));
    expect(report.actual).toEqual({ earned: 12, rewards: 1, rewardsCost: 10, balance: 5 });
    expect(report.draft).toEqual({ earned: 12, rewards: 3, rewardsCost: 15, balance: 0 });
    expect(report).toMatchObject({ cards: 1, purchases: 12, changedCards: 1 });
  });

  test('works for a draft that has no window yet', () => {
    const program = aStampProgram();
    const draft = { ...inForce(program), number: 7, from: NOON + 900 * DAY_MS };
    expect(tried(program, draft, aHistory(program, 4)).draft.earned).toBe(4);
  });

  test('lets what else happened to a card happen too, as far as its balance allows', () => {
    const program = aPointProgram();
    const history = aHistory(program, 3);
    const movements = [
      { at: NOON + DAY_MS - 1, amount: 500_000 },
      { at: NOON + 3 * DAY_MS, amount: -6_000_000 },
    ];
    const past = { ...history, movements, actual: { ...history.actual, balance: 500_000 } };
    expect(tried(program, inForce(program), past)).toMatchObject({ changedCards: 0 });
    const half = aVersion({
      ...inForce(program),
      rules: [{ kind: 'perSpend', amount: '0.5', everyMinor: 100 }],
    });
    expect(tried(program, half, past).draft).toMatchObject({ earned: 3_000_000, balance: 0 });
  });

  test(`names the ${MOST_CHANGED} most changed customers, the most changed first`, () => {
    const program = aStampProgram();
    const draft = aVersion({
      ...inForce(program),
      rules: [{ kind: 'perItem', amount: '2' }],
      autoReward: null,
    });
    const histories = Array.from({ length: 50 }, (_, i) => aHistory(program, i % 25, 0, i + 1));
    const report = tried(program, draft, ...histories);
    expect(report.mostChanged).toHaveLength(MOST_CHANGED);
    expect(report.changedCards).toBe(48);
    const differences = report.mostChanged.map((card) => card.difference);
    expect(differences).toEqual(differences.toSorted((a, b) => b - a));
    expect(differences[0]).toBe(24);
    const shuffled = tried(program, draft, ...histories.toReversed());
    expect(shuffled.mostChanged).toEqual(report.mostChanged);
  });
});

describe('refunds', () => {
  const step = fc.oneof(
    fc.record({ buy: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ refund: fc.nat(9), amount: fc.integer({ min: 1, max: 2_000 }) }),
    fc.record({ refund: fc.nat(9), full: fc.constant(true as const) }),
    fc.constant({ redeem: true as const }),
  );

  test('of some sales, with rewards used in between, change nobody under the version in force', () => {
    const programs = [aStampProgram(), aPointProgram({ autoReward: anAutoReward({ cost: '25' }) })];
    fc.assert(
      fc.property(
        fc.constantFrom(...programs),
        fc.array(step, { minLength: 2, maxLength: 14 }),
        (program, steps) => {
          const shop = new RefundableCard(program);
          const purchases: Purchase[] = [];
          const refunds: PastRefund[] = [];
          const redeemedAt: number[] = [];
          let takenBack = 0;
          for (const one of steps) {
            if ('buy' in one) {
              shop.buy(coffees(one.buy));
              purchases.push(aPurchase({ ...coffees(one.buy), occurredAt: shop.now }));
            } else if ('redeem' in one) {
              shop.wait(1);
              if (shop.held[0]) redeemedAt.push(shop.now);
              shop.redeem(shop.held[0]);
            } else if (purchases.length > 0) {
              const n = one.refund % purchases.length;
              const request = 'full' in one ? { full: one.full } : { amount: one.amount };
              const done = shop.refund(n, request);
              if (done.kind === 'refused') continue;
              refunds.push({ at: shop.now, saleId: `txn_${n}`, request });
              const { taken = 0, owed = 0 } = done.cards[0]?.takenBack ?? {};
              takenBack += taken + owed;
            }
          }
          fc.pre(refunds.length > 0);
          const gave = purchases.length > 0 ? shop.given : 0;
          const kept = [...shop.rewards.values()].filter(({ status }) => status !== 'revoked');
          const report = tried(program, inForce(program), {
            cardId: anId('crd'),
            customerId: anId('cus'),
            openingBalance: 0,
            versionNumber: 1,
            purchases,
            saleIds: purchases.map((_, n) => `txn_${n}` as const),
            refunds,
            redeemedAt,
            movements: [],
            actual: {
              earned: gave - takenBack,
              rewards: kept.length,
              rewardsCost: kept.reduce((sum, reward) => sum + reward.cost, 0),
              balance: shop.card.balance,
            },
          });
          expect(report.draft).toEqual(report.actual);
          expect(report.changedCards).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('are judged by the draft: what is left of a sale earns what the draft gives for it', () => {
    const program = aPointProgram();
    const draft = aVersion({
      ...inForce(program),
      rules: [{ kind: 'perSpend', amount: '3', everyMinor: 100 }],
    });
    const history = aHistory(program, 1);
    const total = history.purchases[0]!.total;
    const [half, earned] = [total / 2, history.actual.earned / 2];
    const report = tried(program, draft, {
      ...history,
      saleIds: ['txn_1'],
      refunds: [{ at: NOON + 1, saleId: 'txn_1', request: { amount: half } }],
      actual: { ...history.actual, earned, balance: earned },
    });
    expect(report.draft).toMatchObject({ earned: earned * 3, balance: earned * 3 });
  });
});
