import { describe, expect, test } from '@jest/globals';
import { aLine, aReceipt } from '../../tests/builders/domain.ts';
import { findReceiptFault, lineAmount, paidWithPoints } from './purchase.ts';

describe('lineAmount', () => {
  test.each([
    ['1', 250, 0, 250],
    ['1.0', 250, 0, 250],
    ['3', 250, 0, 750],
    ['3', 250, 50, 700],
    ['0', 250, 0, 0],
    ['0.345', 1999, 0, 690],
    ['0.5', 1, 0, 1],
    ['0.499999', 1, 0, 0],
    ['0.333333', 100, 0, 33],
    ['1.234567', 100, 23, 100],
    ['2', 250, 500, 0],
    ['1', 250, 251, -1],
  ])('%s × %i less %i is %i', (quantity, unitPrice, discount, expected) => {
    expect(lineAmount(aLine({ quantity, unitPrice, discount }))).toBe(expected);
  });

  test('a price × quantity beyond 2^53 is refused rather than off by a unit', () => {
    const line = aLine({ quantity: '999999', unitPrice: Number.MAX_SAFE_INTEGER });
    expect(() => lineAmount(line)).toThrow(RangeError);
  });
});

describe('findReceiptFault', () => {
  const lines = [aLine({ unitPrice: 1000, tax: 187 }), aLine({ unitPrice: 500, tax: 93 })];

  test.each([
    ['only a total', { total: 1500 }],
    ['lines with the tax included', { lines, total: 1500 }],
    ['lines with the tax on top', { lines, taxIncluded: false, total: 1780 }],
    ['order discounts', { lines, discounts: [{ amount: 100 }, { amount: 50 }], total: 1350 }],
    ['a line discounted to nothing', { lines: [aLine({ discount: 100 })], total: 0 }],
    ['points for the whole total', { tenders: [{ kind: 'points', amount: 1000 }] as const }],
    ['no tenders', { tenders: [] }],
  ])('a receipt with %s adds up', (_, over) => {
    expect(findReceiptFault(aReceipt(over))).toBeUndefined();
  });

  test('a line discounted below zero is named', () => {
    const bad = [aLine(), aLine({ discount: 101 }), aLine({ discount: 102 })];
    const fault = { code: 'line-discount-exceeds-line', line: 1 };
    expect(findReceiptFault(aReceipt({ lines: bad, total: 97 }))).toEqual(fault);
  });

  test.each([
    ['a cent more', { lines, total: 1501 }, 1500],
    ['a cent less', { lines, total: 1499 }, 1500],
    ['tax on top forgotten', { lines, taxIncluded: false, total: 1500 }, 1780],
    ['included tax added again', { lines, total: 1780 }, 1500],
    ['an order discount forgotten', { lines, discounts: [{ amount: 100 }], total: 1500 }, 1400],
  ])('a total with %s is a mismatch', (_, over, expected) => {
    expect(findReceiptFault(aReceipt(over))).toEqual({ code: 'total-mismatch', expected });
  });

  test('a unit more in points than the total is a fault, counted over all points tenders', () => {
    const tenders = [
      { kind: 'points', amount: 600 },
      { kind: 'cash', amount: 400 },
      { kind: 'points', amount: 401 },
    ] as const;
    expect(findReceiptFault(aReceipt({ tenders }))).toEqual({
      code: 'points-tender-exceeds-total',
    });
    expect(paidWithPoints(aReceipt({ tenders }))).toBe(1001);
  });

  test('a bad line is named before a wrong total, and a wrong total before the points', () => {
    const tenders = [{ kind: 'points', amount: 9999 }] as const;
    const badLine = aReceipt({ lines: [aLine({ discount: 101 })], total: 7, tenders });
    expect(findReceiptFault(badLine)?.code).toBe('line-discount-exceeds-line');
    const badTotal = aReceipt({ lines: [aLine()], total: 7, tenders });
    expect(findReceiptFault(badTotal)?.code).toBe('total-mismatch');
  });
});
