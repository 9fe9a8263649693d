import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aLine,
  anAutoReward,
  aPointProgram,
  aStampProgram,
  coffees,
} from '../../tests/builders/domain.ts';
import { RefundableCard } from '../../tests/builders/refunds.ts';
import type { Program } from '../programs/program.ts';
import type { Receipt } from '../earning/purchase.ts';
import { lineAmount, sum } from '../earning/purchase.ts';
import type { RefundRequest } from './remaining.ts';

const stamps = aStampProgram();
const points = aPointProgram({ autoReward: anAutoReward({ cost: '25' }) });
const noCarry = aPointProgram({ carryFractions: false });
const programs = fc.constantFrom<Program>(
  stamps,
  points,
  noCarry,
  aPointProgram({ promotions: [{ name: 'Double', multiplier: '2.5' }] }),
  aPointProgram({ caps: { perTransaction: '7' } }),
  aStampProgram({ caps: { perTransaction: '3' } }),
  aPointProgram({
    combine: 'best',
    rules: [...points.versions[0]!.rules, ...stamps.versions[0]!.rules],
  }),
);

/** A receipt that adds up, with order discounts and all kinds of quantities. */
const receipts: fc.Arbitrary<Receipt> = fc
  .record({
    lines: fc.array(
      fc.record({
        quantity: fc.constantFrom('1', '2', '3', '0.345', '12'),
        unitPrice: fc.integer({ min: 0, max: 900 }),
        tax: fc.constantFrom(0, 0, 7),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    discount: fc.integer({ min: 0, max: 100 }),
    points: fc.constantFrom(0, 0, 3),
  })
  .map(({ lines, discount, points: paid }) => {
    const full = lines.map((line) => aLine({ ...line, tax: Math.min(line.tax, line.unitPrice) }));
    const gross = sum(full.map(lineAmount));
    const off = Math.min(discount, gross);
    return {
      currency: 'EUR',
      total: gross - off,
      taxIncluded: true,
      lines: full,
      discounts: off > 0 ? [{ amount: off }] : [],
      tenders: [{ kind: 'points' as const, amount: Math.min(paid, gross - off) }],
    };
  });

/** A way to refund some of a sale; what is too much is refused and changes nothing. */
const requests: fc.Arbitrary<RefundRequest> = fc.oneof(
  fc.record({ amount: fc.integer({ min: 1, max: 700 }) }),
  fc
    .array(
      fc.record({
        line: fc.integer({ min: 0, max: 3 }),
        quantity: fc.constantFrom('1', '2', '0.115'),
      }),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    .map((lines) => ({ lines })),
);

const isCap = (program: Program) =>
  program.versions.some((v) => v.caps.perTransaction !== undefined);

describe('refunds of whatever sales', () => {
  test('of all sales, in parts and then in full, leave every card as if nothing had been bought', () => {
    fc.assert(
      fc.property(
        programs,
        fc.array(receipts, { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(5), requests), { maxLength: 10 }),
        fc.array(fc.nat(5), { maxLength: 6 }),
        (program, sales, partial, order) => {
          const shop = new RefundableCard(program);
          const numbers = sales.map((sale) => shop.buy(sale));
          for (const [n, request] of partial) shop.refund(n % numbers.length, request);
          const inSomeOrder = [...new Set([...order.map((n) => n % numbers.length), ...numbers])];
          for (const n of inSomeOrder) shop.refund(n, { full: true });
          expect(shop.card).toMatchObject({ balance: 0, debt: 0 });
          expect(shop.held).toEqual([]);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('of one sale take the same in whatever order they come', () => {
    fc.assert(
      fc.property(
        programs,
        receipts,
        receipts,
        fc.array(requests, { minLength: 2, maxLength: 5 }),
        fc.boolean(),
        (program, sale, other, parts, isRedeemed) => {
          const after = (order: readonly RefundRequest[]) => {
            const shop = new RefundableCard(program);
            shop.buy(other);
            const number = shop.buy(sale);
            if (isRedeemed) shop.redeem(shop.held[0]);
            const refused = order.some(
              (request) => shop.refund(number, request).kind === 'refused',
            );
            const { balance, debt } = shop.card;
            return refused ? undefined : { balance, debt, held: shop.held.length };
          };
          const forwards = after(parts);
          fc.pre(forwards !== undefined);
          expect(after(parts.toReversed())).toEqual(forwards);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('of some sales leave what the others alone would have given', () => {
    fc.assert(
      fc.property(
        programs.filter((program) => !isCap(program)),
        fc.array(fc.tuple(receipts, fc.boolean()), { minLength: 1, maxLength: 8 }),
        (program, sales) => {
          const shop = new RefundableCard(program);
          const alone = new RefundableCard(program);
          const numbers = sales.map(([sale]) => shop.buy(sale));
          sales.forEach(([, isRefunded], i) => {
            if (isRefunded) shop.mustRefund(numbers[i]!, { full: true });
          });
          for (const [sale, isRefunded] of sales) if (!isRefunded) alone.buy(sale);
          expect([shop.card.balance, shop.card.debt, shop.held.length]).toEqual([
            alone.card.balance,
            0,
            alone.held.length,
          ]);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('with rewards used in between are worth the same in whatever order, and never go below zero', () => {
    const step = fc.oneof(
      fc.record({ refund: fc.nat(7), request: requests }),
      fc.record({ refund: fc.nat(7), request: fc.constant({ full: true as const }) }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(stamps, points),
        fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 8 }),
        fc.nat(3),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        (program, sales, used, steps) => {
          const after = (order: typeof steps) => {
            const shop = new RefundableCard(program);
            const numbers = sales.map((quantity) => shop.buy(coffees(quantity)));
            for (const reward of shop.held.slice(0, used)) shop.redeem(reward);
            const refused = order.filter(
              ({ refund, request }) =>
                shop.refund(refund % numbers.length, request).kind === 'refused',
            );
            expect(Math.min(shop.card.balance, shop.card.debt)).toBe(0);
            return refused.length > 0 ? undefined : shop.worth;
          };
          const forwards = after(steps);
          fc.pre(forwards !== undefined);
          const backwards = after(steps.toReversed());
          fc.pre(backwards !== undefined);
          expect(backwards).toBe(forwards);
        },
      ),
      { numRuns: 80 },
    );
  });
});
