import { describe, expect, test } from '@jest/globals';
import {
  aLine,
  anAutoReward,
  aPointProgram,
  aStampProgram,
  aVersion,
  coffees,
} from '../../tests/builders/domain.ts';
import { RefundableCard } from '../../tests/builders/refunds.ts';
import type { Receipt } from '../earning/purchase.ts';
import { DAY_MS } from '../values/time.ts';
import { type RefundRequest, remainingOf, sumRefunds } from './remaining.ts';

const points = (shop: RefundableCard) => shop.card.balance / 1_000_000;

describe('what is left of a sale', () => {
  const receipt: Receipt = {
    currency: 'EUR',
    total: 1_400,
    taxIncluded: true,
    lines: [
      aLine({ quantity: '2', unitPrice: 500, tax: 115 }),
      aLine({ quantity: '3', unitPrice: 200, discount: 100 }),
    ],
    discounts: [{ amount: 100 }],
    tenders: [],
  };
  const left = (...requests: RefundRequest[]) => remainingOf(receipt, sumRefunds(requests));

  test('is all of it before any refund', () => {
    expect(left()).toEqual({ receipt, total: 1_400, isEmpty: false });
  });

  test('keeps each line’s share of both discounts and of the tax', () => {
    // The order discount is 67 on the first line, 33 on the second.
    const { receipt: rest, total } = left({ lines: [{ line: 0, quantity: '1' }] });
    expect(rest.lines[0]).toMatchObject({ quantity: '1', discount: 34, tax: 58 });
    expect(total).toBe(500 - 34 + 500 - 33);
  });

  test('is nothing once every line went, every cent went, or all was voided', () => {
    const all = [
      { line: 0, quantity: '2' },
      { line: 1, quantity: '3' },
    ];
    expect(left({ lines: all })).toMatchObject({ total: 0, isEmpty: true });
    expect(left({ amount: 1_400 })).toMatchObject({ total: 0, isEmpty: true });
    expect(left({ full: true })).toMatchObject({ total: 0, isEmpty: true });
    expect(left({ amount: 1_399 })).toMatchObject({ total: 1, isEmpty: false });
  });
});

describe('a refund is refused', () => {
  const sold = () => {
    const shop = new RefundableCard(aStampProgram());
    return { shop, sale: shop.buy(coffees(2)) };
  };
  const code = (request: RefundRequest, ...before: RefundRequest[]) => {
    const { shop, sale } = sold();
    for (const earlier of before) shop.mustRefund(sale, earlier);
    const decision = shop.refund(sale, request);
    return decision.kind === 'refused' ? decision.code : decision.kind;
  };

  test('for more than is left, and not for exactly what is left', () => {
    expect(code({ amount: 400 })).toBe('refunded');
    expect(code({ amount: 401 })).toBe('refund-exceeds-sale');
    expect(code({ lines: [{ line: 0, quantity: '2' }] })).toBe('refunded');
    expect(code({ lines: [{ line: 0, quantity: '2.000001' }] })).toBe('refund-exceeds-sale');
    expect(code({ amount: 201 }, { lines: [{ line: 0, quantity: '1' }] })).toBe(
      'refund-exceeds-sale',
    );
  });

  test('for a line that the receipt does not have', () => {
    expect(code({ lines: [{ line: 1, quantity: '1' }] })).toBe('unknown-line');
  });

  test('when nothing is left, whatever it asks for', () => {
    for (const request of [
      { full: true as const },
      { amount: 1 },
      { lines: [{ line: 9, quantity: '1' }] },
    ]) {
      expect(code(request, { full: true })).toBe('nothing-left-to-refund');
    }
  });
});

describe('what a refund takes back', () => {
  test('ten refunds of a tenth never lose a fraction', () => {
    const shop = new RefundableCard(aPointProgram({ carryFractions: false }));
    const sale = shop.buy({ total: 1_095 });
    expect(points(shop)).toBe(10);
    for (let i = 0; i < 10; i += 1) shop.mustRefund(sale, { amount: 109 });
    expect(points(shop)).toBe(0);
    shop.mustRefund(sale, { amount: 5 });
    expect(points(shop)).toBe(0);
  });

  test('is judged by the promotion and the cap that judged the sale', () => {
    const doubled = new RefundableCard(
      aPointProgram({ promotions: [{ name: 'Double', multiplier: '2' }] }),
    );
    doubled.mustRefund(doubled.buy({ total: 1_000 }), { amount: 400 });
    expect(points(doubled)).toBe(12);
    const capped = new RefundableCard(aPointProgram({ caps: { perTransaction: '5' } }));
    const sale = capped.buy({ total: 1_000 });
    capped.mustRefund(sale, { amount: 500 });
    expect(points(capped)).toBe(5);
    capped.mustRefund(sale, { amount: 1 });
    expect(points(capped)).toBe(4.99);
  });

  test('a stamp for the visit stays while something is still paid for', () => {
    const shop = new RefundableCard(aStampProgram({ rules: aVersion().rules }));
    const sale = shop.buy(coffees(2));
    shop.mustRefund(sale, { lines: [{ line: 0, quantity: '1' }] });
    expect(shop.card.balance).toBe(1);
    shop.mustRefund(sale, { lines: [{ line: 0, quantity: '1' }] });
    expect(shop.card.balance).toBe(0);
  });

  test('comes from the sale’s own stamps first, then from others, then is owed', () => {
    const shop = new RefundableCard(aPointProgram());
    shop.buy({ total: 300 });
    const sale = shop.buy({ total: 500 });
    shop.mustRefund(sale, { full: true });
    expect(shop.card.lots.map((lot) => lot.remaining)).toEqual([3_000_000]);
  });

  test('a blocked card is taken from all the same', () => {
    const shop = new RefundableCard(aStampProgram());
    const sale = shop.buy(coffees(3));
    shop.block();
    shop.mustRefund(sale, { full: true });
    expect(shop.card.balance).toBe(0);
  });
});

describe('a reward that the sale paid for', () => {
  test('is revoked when the rest does not cover it, and its card goes on from there', () => {
    const shop = new RefundableCard(aStampProgram());
    shop.buy(coffees(8));
    const sale = shop.buy(coffees(2));
    expect(shop.held).toHaveLength(1);
    const [card] = shop.mustRefund(sale, { full: true }).cards;
    expect(card!.takenBack!.revoked).toHaveLength(1);
    expect(shop.held).toEqual([]);
    expect(shop.card).toMatchObject({ balance: 8, debt: 0 });
  });

  test('stays with its code while other stamps pay for it', () => {
    const shop = new RefundableCard(aStampProgram());
    const sale = shop.buy(coffees(1));
    shop.buy(coffees(10));
    const [reward] = shop.held;
    const [card] = shop.mustRefund(sale, { full: true }).cards;
    expect(card!.takenBack).toMatchObject({ revoked: [], issued: [], owed: 0 });
    expect(shop.held.map(({ id, code, expiresAt }) => ({ id, code, expiresAt }))).toEqual([
      { id: reward!.id, code: reward!.code, expiresAt: reward!.expiresAt },
    ]);
    expect(shop.held[0]!.funding).not.toEqual(reward!.funding);
    expect(shop.card.balance).toBe(0);
  });

  test('only as many go as must: the newest first', () => {
    const shop = new RefundableCard(aStampProgram());
    const sale = shop.buy(coffees(20));
    const [first] = shop.held;
    shop.mustRefund(sale, { lines: [{ line: 0, quantity: '5' }] });
    expect(shop.held.map(({ id }) => id)).toEqual([first!.id]);
    expect(shop.card.balance).toBe(5);
  });

  test('when redeemed stands, and what is missing is owed, or is not where the program says so', () => {
    for (const refundDebt of ['owe', 'stop-at-zero'] as const) {
      const shop = new RefundableCard(aStampProgram({ refundDebt }));
      const sale = shop.buy(coffees(12));
      shop.redeem(shop.held[0]);
      shop.mustRefund(sale, { full: true });
      expect(shop.card).toMatchObject({ balance: 0, debt: refundDebt === 'owe' ? 10 : 0 });
    }
  });

  test('gives back what repays an older debt', () => {
    const shop = new RefundableCard(aStampProgram());
    const first = shop.buy(coffees(10));
    shop.redeem(shop.held[0]);
    const second = shop.buy(coffees(10));
    shop.mustRefund(first, { full: true });
    expect(shop.card).toMatchObject({ balance: 0, debt: 10 });
    shop.mustRefund(second, { lines: [{ line: 0, quantity: '4' }] });
    expect(shop.card).toMatchObject({ balance: 0, debt: 4 });
  });
});

describe('points that have expired', () => {
  test('are not charged again, nor owed', () => {
    const shop = new RefundableCard(aPointProgram());
    const sale = shop.buy({ total: 1_000 });
    shop.buy({ total: 700 });
    shop.expire(sale);
    const [first] = shop.mustRefund(sale, { amount: 600 }).cards;
    expect(first!.takenBack).toMatchObject({ taken: 0, spared: 6_000_000, owed: 0 });
    shop.mustRefund(sale, { full: true });
    expect(shop.card).toMatchObject({ balance: 7_000_000, debt: 0 });
  });

  test('nor those that went into a reward that expired unused', () => {
    const shop = new RefundableCard(
      aStampProgram({ autoReward: anAutoReward({ validForDays: 30 }) }),
    );
    const sale = shop.buy(coffees(10));
    shop.wait(32);
    shop.mustRefund(sale, { full: true });
    expect(shop.card).toMatchObject({ balance: 0, debt: 0 });
  });

  test('come back for a week when a reward they paid for is revoked', () => {
    const shop = new RefundableCard(aStampProgram());
    const old = shop.buy(coffees(6));
    shop.expireAt(old, shop.now + DAY_MS);
    const sale = shop.buy(coffees(4));
    shop.wait(2);
    shop.mustRefund(sale, { full: true });
    expect(shop.card.balance).toBe(6);
    const [lot] = shop.card.lots;
    expect(lot!.expiresAt! - shop.now).toBeGreaterThan(7 * DAY_MS);
    expect(lot!.expiresAt! - shop.now).toBeLessThan(8 * DAY_MS);
  });
});
