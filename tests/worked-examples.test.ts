/** The worked examples of the domain that every implementation must give, as far as they are pure. */
import { expect, test } from '@jest/globals';
import { computeBase } from '../domain/earning/base.ts';
import { decidePurchase } from '../domain/earning/decide-purchase.ts';
import { giveBack } from '../domain/expiry/give-back.ts';
import { isBalanced } from '../domain/ledger/book-entry.ts';
import { presentOutcome } from '../domain/earning/outcome.ts';
import { spend } from '../domain/ledger/spend.ts';
import { spendable } from '../domain/values/units.ts';
import {
  aCard,
  aCardHistory,
  aLine,
  aLot,
  anId,
  aPointProgram,
  aProgram,
  aPurchaseState,
  aReceipt,
  aRecordPurchase,
  aStampProgram,
  aStore,
  at,
  aVersion,
  codes,
  coffees,
  deterministicIds,
  NOON,
} from './builders/domain.ts';
import { points } from './builders/rewards.ts';
import { RefundableCard } from './builders/refunds.ts';

test('worked example 1: sales of 3.75 € and 4.50 € at 1 point per 1 € give 8 spendable and carry 0.25', () => {
  const history = aCardHistory(aPointProgram({ carryFractions: true }));
  history.buy({ total: 375 });
  const last = history.buy({ total: 450, occurredAt: NOON + 1 });
  expect(last.card.balance).toBe(8_250_000);
  expect(spendable(last.card.balance, 'point')).toBe(8_000_000);
  const carried = last.explanation.find((step) => step.code === 'fraction-carried');
  expect(carried?.text).toContain('0.25 points');
});

test('worked example 2: at 8 of 10, 5 coffees mint one reward and open the next card at 3, in one commit', () => {
  const decision = aCardHistory(aStampProgram(), aCard({ balance: 8 })).buy(coffees(5));
  expect(decision.rewards).toHaveLength(1);
  expect(decision.card.balance).toBe(3);
  // One decision is one commit: it holds the earning and the reward's cost together.
  expect(decision.postings.map(({ from, to, amount }) => [from, to, amount])).toEqual([
    ['issued', 'card', 5],
    ['card', 'redeemed', 10],
  ]);
  expect(isBalanced(decision)).toBe(true);
});

test('worked example 3: 20 € earned 20; four refunds of 5 € take 5 each and end at 0; a fifth is declined', () => {
  const shop = new RefundableCard(aPointProgram());
  const sale = shop.buy({ total: 2000 });
  const taken = [1, 2, 3, 4].map(
    () => shop.mustRefund(sale, { amount: 500 }).cards[0]!.reversed / 1_000_000,
  );
  expect(taken).toEqual([5, 5, 5, 5]);
  expect(shop.card).toMatchObject({ balance: 0, debt: 0 });
  expect(shop.refund(sale, { amount: 500 })).toEqual({
    kind: 'refused',
    code: 'nothing-left-to-refund',
  });
});

test('worked example 4: the refund of a sale whose reward was redeemed leaves 10 owed; the next 10 stamps repay it', () => {
  const shop = new RefundableCard(aStampProgram());
  const sale = shop.buy(coffees(10));
  const [reward] = shop.held;
  shop.redeem(reward);
  shop.mustRefund(sale, { full: true });
  expect(shop.rewards.get(reward!.id)?.status).toBe('redeemed');
  expect(shop.card).toMatchObject({ balance: 0, debt: 10 });
  shop.buy(coffees(10));
  expect(shop.card).toMatchObject({ balance: 0, debt: 0 });
  expect(shop.held).toEqual([]);
});

test('worked example 6: two stamps a day from 04:00: the third at 03:59 is capped, at 04:01 it is not', () => {
  const history = aCardHistory(
    aProgram({ versions: [aVersion({ caps: { perBusinessDay: '2' } })] }),
  );
  const store = aStore({ zone: 'Europe/Lisbon', dayStartMinutes: 240 });
  const stampAt = (text: string) => history.buy({ store, occurredAt: at(text) });
  expect(stampAt('2026-03-03T23:50:00Z').earned).toBe(1);
  expect(stampAt('2026-03-04T00:10:00Z').earned).toBe(1);
  const third = stampAt('2026-03-04T03:59:00Z');
  expect(third).toMatchObject({ earned: 0, capped: 1 });
  expect(codes(third)).toContain('cap-business-day');
  expect(stampAt('2026-03-04T04:01:00Z').earned).toBe(1);
});

test('worked example 8: 12 of a lot of 10 that ends tonight and one of 5 takes 10 + 2, and gives back to the same', () => {
  const tonight = at('2026-03-04T23:59:59.999Z');
  const nextYear = at('2027-03-04T23:59:59.999Z');
  const lots = [
    aLot({ n: 1, remaining: points(10), expiresAt: tonight }),
    aLot({ n: 2, remaining: points(5), expiresAt: nextYear }),
  ];
  const spent = spend(aCard({ balance: points(15), lots }), { amount: points(12), at: NOON });
  const draws = [
    { lotId: anId('lot', 1), amount: points(10) },
    { lotId: anId('lot', 2), amount: points(2) },
  ];
  expect(spent).toMatchObject({ balance: points(3), draws });

  const back = (when: number) =>
    giveBack(
      spent.draws,
      lots,
      { cardId: anId('crd'), at: when, zone: 'Europe/Lisbon' },
      deterministicIds(),
    );
  expect(back(tonight - 1)).toMatchObject({ draws, newLots: [] });
  const tomorrow = back(tonight + 1);
  expect(tomorrow.draws).toEqual([draws[1]]);
  expect(tomorrow.newLots).toMatchObject([
    { amount: points(10), expiresAt: at('2026-03-12T23:59:59.999Z') },
  ]);
});

test('worked example 9: an order discount of 1.00 € over 10.00 and 5.00 is allocated 0.67 and 0.33', () => {
  const lines = [aLine({ quantity: '2', unitPrice: 500 }), aLine({ unitPrice: 500 })];
  const receipt = aReceipt({ total: 1400, lines, discounts: [{ amount: 100 }] });
  const base = computeBase(receipt, { earnOnTax: true });
  expect(base.lines.map((line) => line.base)).toEqual([1000 - 67, 500 - 33]);
  expect(base.amount).toBe(1400);
});

test('worked example 10: on a blocked card the purchase is recorded, earns nothing and says card-blocked', () => {
  const cards = [aCard({ status: 'blocked', balance: 9 })];
  const state = aPurchaseState({ customer: { kind: 'known', id: anId('cus'), cards } });
  const decision = decidePurchase(aRecordPurchase(coffees(5)), state, deterministicIds());
  if (decision.kind !== 'recorded') throw new Error(`refused: ${decision.code}`);
  const outcome = presentOutcome(decision, { id: anId('txn'), externalId: 'till-1/42' });
  expect(outcome.status).toBe('recorded');
  expect(outcome.cards).toMatchObject([{ earned: 0, balance: 9, rewardsIssued: [] }]);
  expect(outcome.cards[0]?.explanation.map((step) => step.code)).toEqual(['card-blocked']);
});
