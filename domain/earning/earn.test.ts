import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aCardHistory,
  aLine,
  aLot,
  anAutoReward,
  anId,
  aPointProgram,
  aProgram,
  aPurchase,
  aStampProgram,
  aStore,
  at,
  aVersion,
  codes,
  coffees,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import type { Card } from '../ledger/card.ts';
import { MAX_REWARDS_PER_PURCHASE } from '../rewards/mint.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import { type CardDecision, earn } from './earn.ts';

const textOf = (decision: CardDecision, code: string) =>
  decision.explanation.find((step) => step.code === code)?.text;

describe('a stamp card of ten', () => {
  const after = (balance: number, bought: number) =>
    aCardHistory(aStampProgram(), aCard({ balance })).buy(coffees(bought));

  test.each([
    [0, 9, 0, 9],
    [0, 10, 1, 0],
    [0, 11, 1, 1],
    [0, 20, 2, 0],
    [8, 1, 0, 9],
    [8, 2, 1, 0],
    [8, 5, 1, 3],
    [9, 21, 3, 0],
  ])('at %i, %i coffees mint %i and leave %i', (balance, bought, rewards, rest) => {
    const decision = after(balance, bought);
    expect(decision.rewards).toHaveLength(rewards);
    expect(decision).toMatchObject({ earned: bought, balanceBefore: balance, target: 10 });
    expect(decision.card.balance).toBe(rest);
    expect(isBalanced(decision)).toBe(true);
  });

  test('older stamps are spent before those of this purchase, which keep the rest', () => {
    const decision = after(8, 5);
    expect(decision.draws).toEqual([{ lotId: anId('lot'), amount: 8 }]);
    expect(decision.newLots[0]?.remaining).toBe(3);
    expect(decision.card.lots).toMatchObject([{ id: decision.newLots[0]?.id, remaining: 3 }]);
  });

  test('draws of several rewards on one older lot are one entry', () => {
    const decision = after(25, 5);
    expect(decision.rewards).toHaveLength(3);
    expect(decision.draws).toEqual([{ lotId: anId('lot'), amount: 25 }]);
    expect(decision.newLots[0]?.remaining).toBe(0);
    expect(decision.card.lots).toEqual([]);
  });

  test('the card’s sequence counts each event: the earning and every reward', () => {
    expect(after(0, 1).card.sequence).toBe(1);
    expect(after(8, 5).card.sequence).toBe(2);
    expect(after(0, 25).card.sequence).toBe(3);
  });

  test('the trace counts towards the next reward', () => {
    expect(textOf(after(0, 7), 'progress')).toBe('7 of 10, 3 to go');
    expect(textOf(after(8, 5), 'progress')).toBe('3 of 10, 7 to go');
    expect(textOf(after(8, 2), 'progress')).toBe('0 of 10, 10 to go');
  });

  test('the trace names each reward that was issued', () => {
    const steps = after(0, 20).explanation.filter((step) => step.code === 'reward-issued');
    const text = 'Free coffee for 10 stamps';
    expect(steps.map((step) => step.text)).toEqual([text, text]);
  });

  test('the limit of rewards per purchase postpones the rest to the next one, and says so', () => {
    const history = aCardHistory(aStampProgram());
    const first = history.buy(coffees(MAX_REWARDS_PER_PURCHASE * 10 + 25));
    expect(first.rewards).toHaveLength(MAX_REWARDS_PER_PURCHASE);
    expect(first.card.balance).toBe(25);
    expect(codes(first)).toContain('rewards-postponed');
    expect(codes(first)).not.toContain('progress');
    const second = history.buy({ ...coffees(1), occurredAt: NOON + 1 });
    expect(second.rewards).toHaveLength(2);
    expect(second.card.balance).toBe(6);
    expect(codes(second)).not.toContain('rewards-postponed');
  });

  test('postponed rewards are minted by a purchase that itself earns nothing', () => {
    const history = aCardHistory(aStampProgram(), aCard({ balance: 25 }));
    const decision = history.buy({ total: 0 });
    expect(decision).toMatchObject({ earned: 0, newLots: [] });
    expect(decision.rewards).toHaveLength(2);
    expect(decision.card.balance).toBe(5);
    expect(isBalanced(decision)).toBe(true);
  });
});

describe('points', () => {
  test('a fraction is carried, shown, and completes a later point', () => {
    const history = aCardHistory(aPointProgram());
    expect(textOf(history.buy({ total: 375 }), 'fraction-carried')).toContain(
      '0.75 points carried',
    );
    expect(history.buy({ total: 25 }).card.balance).toBe(4_000_000);
    expect(codes(history.decisions[1]!)).not.toContain('fraction-carried');
  });

  test('a dropped fraction is gone, and said to be', () => {
    const decision = aCardHistory(aPointProgram({ carryFractions: false })).buy({ total: 375 });
    expect(decision.earned).toBe(3_000_000);
    expect(codes(decision)).toContain('fraction-dropped');
    expect(codes(decision)).not.toContain('fraction-carried');
  });

  test('a reward is minted by the sale that reaches its cost, not a cent earlier', () => {
    const history = aCardHistory(aPointProgram({ autoReward: anAutoReward() }));
    expect(history.buy({ total: 999 }).rewards).toHaveLength(0);
    expect(textOf(history.decisions[0]!, 'progress')).toBe('9 of 10, 1 to go');
    expect(history.buy({ total: 1 }).rewards).toHaveLength(1);
    expect(history.card.balance).toBe(0);
  });

  test('the version in force decides each time, whatever version the card was opened under', () => {
    const perSpend = (amount: string) => [{ kind: 'perSpend', amount, everyMinor: 100 }] as const;
    const program = aProgram({
      unit: 'point',
      versions: [
        aVersion({ number: 1, to: NOON, rules: perSpend('1') }),
        aVersion({ number: 2, from: NOON, rules: perSpend('3') }),
      ],
    });
    const history = aCardHistory(program);
    expect(history.buy({ total: 100, occurredAt: NOON - 1 }).earned).toBe(1_000_000);
    expect(history.buy({ total: 100, occurredAt: NOON }).earned).toBe(3_000_000);
    expect(history.card.versionNumber).toBe(2);
  });
});

describe('a stamp program that changes while a card is open', () => {
  const program = aProgram({
    versions: [
      aVersion({
        number: 1,
        to: NOON,
        rules: [{ kind: 'perItem', amount: '1' }],
        autoReward: anAutoReward(),
      }),
      aVersion({
        number: 2,
        from: NOON,
        rules: [{ kind: 'perItem', amount: '2' }],
        autoReward: anAutoReward({ cost: '12' }),
      }),
    ],
  });

  test('the open card keeps its rules and goal until it completes; the next has the new ones', () => {
    const history = aCardHistory(program);
    history.buy({ ...coffees(8), occurredAt: NOON - 1 });
    const completing = history.buy({ ...coffees(5), occurredAt: NOON });
    expect(completing.earned).toBe(5);
    expect(completing.rewards.map((reward) => reward.cost)).toEqual([10]);
    expect(completing).toMatchObject({ target: 12 });
    expect(completing.card).toMatchObject({ balance: 3, versionNumber: 2 });
    const next = history.buy({ ...coffees(4), occurredAt: NOON + 1 });
    expect(next.earned).toBe(8);
    expect(next.card.balance).toBe(11);
    expect(textOf(next, 'program-version')).toContain('version 2');
    expect(history.buy({ ...coffees(1), occurredAt: NOON + 2 }).rewards).toHaveLength(1);
  });
});

describe('a purchase that cannot earn', () => {
  const decide = (card: Card, over = {}, program = aStampProgram()) =>
    aCardHistory(program, card).buy({ ...coffees(5), ...over });

  test.each([
    ['a blocked card', aCard({ balance: 8, status: 'blocked' }), {}, 'card-blocked'],
    ['a merged card', aCard({ balance: 8, status: 'merged' }), {}, 'card-blocked'],
    ['a closed card', aCard({ balance: 8, status: 'closed' }), {}, 'card-blocked'],
    ['another currency', aCard({ balance: 8 }), { currency: 'USD' }, 'other-currency'],
    [
      'a time before the program',
      aCard({ balance: 8 }),
      { occurredAt: at('2019-12-31T23:59:59Z') },
      'no-version-in-force',
    ],
  ] as const)('%s: the card stays as it was and the trace says why', (_, card, over, code) => {
    const decision = decide(card, over);
    expect(decision).toMatchObject({
      earned: 0,
      capped: 0,
      postings: [],
      newLots: [],
      draws: [],
      rewards: [],
    });
    expect(decision.card).toEqual(card);
    expect(codes(decision)).toEqual([code]);
    expect(isBalanced(decision)).toBe(true);
  });

  test('a blocked card is said to be blocked, whatever else is wrong', () => {
    const decision = decide(aCard({ status: 'blocked' }), { currency: 'USD', occurredAt: 0 });
    expect(codes(decision)).toEqual(['card-blocked']);
  });

  test('a rule that does not match leaves no posting and no lot', () => {
    const decision = decide(aCard({ balance: 8 }), { total: 0, lines: [] });
    expect(decision).toMatchObject({ earned: 0, postings: [], newLots: [] });
    expect(decision.card).toEqual(aCard({ balance: 8 }));
    expect(codes(decision)).toContain('rule-not-matched');
    expect(textOf(decision, 'earned')).toBe('Earned 0 stamps');
  });
});

describe('caps at the card', () => {
  const visits = (caps: object) => aCardHistory(aProgram({ versions: [aVersion({ caps })] }));

  test('a day’s cap counts by business date, and what it takes away is told', () => {
    const history = visits({ perBusinessDay: '1' });
    const store = aStore({ dayStartMinutes: 240 });
    const buyAt = (text: string) => history.buy({ store, occurredAt: at(text) });
    expect(buyAt('2026-03-04T04:00:00Z').earned).toBe(1);
    const capped = buyAt('2026-03-05T03:59:59.999Z');
    expect(capped).toMatchObject({ earned: 0, capped: 1, newLots: [] });
    expect(codes(capped)).toContain('cap-business-day');
    expect(buyAt('2026-03-05T04:00:00Z').earned).toBe(1);
  });

  test('a sale that arrives late is capped by those that arrived before it, and takes nothing back', () => {
    const history = visits({ perBusinessDay: '1' });
    expect(history.buy({ occurredAt: NOON + 60 * MINUTE_MS }).earned).toBe(1);
    expect(history.buy({ occurredAt: NOON }).earned).toBe(0);
    expect(history.buy({ occurredAt: NOON - DAY_MS }).earned).toBe(1);
    expect(history.card.balance).toBe(2);
  });

  test('the minimum minutes hold on both sides of a sale that arrives late', () => {
    const history = visits({ minimumMinutesBetween: 10 });
    expect(history.buy({ occurredAt: NOON }).earned).toBe(1);
    expect(history.buy({ occurredAt: NOON + 25 * MINUTE_MS }).earned).toBe(1);
    expect(history.buy({ occurredAt: NOON + 10 * MINUTE_MS - 1 }).earned).toBe(0);
    expect(history.buy({ occurredAt: NOON + 15 * MINUTE_MS + 1 }).earned).toBe(0);
    expect(history.buy({ occurredAt: NOON + 10 * MINUTE_MS }).earned).toBe(1);
  });

  test('a capped purchase still mints what the capped stamps reach', () => {
    const history = aCardHistory(
      aStampProgram({ caps: { perTransaction: '2' } }),
      aCard({ balance: 8 }),
    );
    const decision = history.buy(coffees(5));
    expect(decision).toMatchObject({ earned: 2, capped: 3 });
    expect(decision.rewards).toHaveLength(1);
    expect(decision.card.balance).toBe(0);
  });
});

describe('a promotion', () => {
  const program = aPointProgram({
    promotions: [{ name: 'Double Tuesday', weekdays: [2], multiplier: '2' }],
  });

  test.each([
    ['2026-03-02T23:59:59.999Z', 10_000_000],
    ['2026-03-03T00:00:00Z', 20_000_000],
    ['2026-03-03T23:59:59.999Z', 20_000_000],
    ['2026-03-04T00:00:00Z', 10_000_000],
  ])('on Tuesdays, a sale of 10.00 at %s gives %i', (text, expected) => {
    const decision = aCardHistory(program).buy({ occurredAt: at(text) });
    expect(decision.earned).toBe(expected);
    expect(codes(decision).includes('promotion')).toBe(expected === 20_000_000);
  });

  test('the weekday is the business date’s: after midnight, before the day starts, is still Tuesday', () => {
    const store = aStore({ dayStartMinutes: 240 });
    const earned = (text: string) =>
      aCardHistory(program).buy({ store, occurredAt: at(text) }).earned;
    expect(earned('2026-03-04T03:59:59.999Z')).toBe(20_000_000);
    expect(earned('2026-03-04T04:00:00Z')).toBe(10_000_000);
  });

  test('caps come after it', () => {
    const capped = aPointProgram({
      promotions: [{ name: 'Double', multiplier: '2' }],
      caps: { perTransaction: '15' },
    });
    expect(aCardHistory(capped).buy({})).toMatchObject({ earned: 15_000_000, capped: 5_000_000 });
  });
});

test('the trace has a step for each thing that was taken away', () => {
  const program = aPointProgram({
    carryFractions: false,
    earnOnTax: false,
    combine: 'best',
    rules: [
      { kind: 'perSpend', amount: '1', everyMinor: 100 },
      { kind: 'perVisit', amount: '1' },
      { kind: 'perVisit', amount: '50', minimumSpendMinor: 100_000 },
    ],
    caps: { perTransaction: '5', perBusinessDay: '7' },
  });
  const history = aCardHistory(program);
  history.buy({ total: 400 });
  const decision = history.buy({
    total: 1350,
    lines: [aLine({ unitPrice: 1230, tax: 230 }), aLine({ kind: 'tip', unitPrice: 220 })],
    discounts: [{ amount: 100 }],
    tenders: [{ kind: 'points', amount: 135 }],
  });
  expect(codes(decision)).toEqual([
    'program-version',
    'order-discount',
    'lines-left-out',
    'tax-left-out',
    'paid-with-points',
    'base',
    'rule-matched',
    'fraction-dropped',
    'rule-matched',
    'rule-not-matched',
    'best-rule',
    'cap-transaction',
    'cap-business-day',
    'earned',
  ]);
  expect(decision).toMatchObject({ earned: 3_000_000, capped: 5_000_000 });
});

test('the same purchase decided twice is the same decision', () => {
  const decide = () => aCardHistory(aStampProgram(), aCard({ balance: 8 })).buy(coffees(15));
  expect(decide()).toEqual(decide());
});

test('a decision never changes the card it was given', () => {
  const lots = [aLot({ remaining: 8 })];
  const card = Object.freeze({
    ...aCard({ balance: 8 }),
    lots: Object.freeze(lots.map((lot) => Object.freeze(lot))),
  });
  const purchase = aPurchase(coffees(5));
  earn(
    { purchase, program: aStampProgram(), card, isNewCard: false, earnings: [] },
    deterministicIds(),
  );
  expect(card).toMatchObject({ balance: 8, lots: [{ remaining: 8 }] });
});
