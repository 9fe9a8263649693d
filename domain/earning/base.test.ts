import { describe, expect, test } from '@jest/globals';
import { aLine, aReceipt } from '../../tests/builders/domain.ts';
import { type Base, computeBase } from './base.ts';
import { findReceiptFault, type Receipt } from './purchase.ts';

/** The base of a receipt that adds up; a test with a typo in its numbers fails here. */
function baseOf(
  over: Partial<Receipt>,
  options: Parameters<typeof computeBase>[1] = { earnOnTax: true },
): Base {
  const receipt = aReceipt(over);
  expect(findReceiptFault(receipt)).toBeUndefined();
  return computeBase(receipt, options);
}
const stepCodes = (base: Base) => base.steps.map((step) => step.code);
const textOf = (base: Base, code: string) => base.steps.find((step) => step.code === code)?.text;

describe('lines', () => {
  test('a sale known only by its total earns on the total', () => {
    const base = baseOf({ total: 375 });
    expect(base.amount).toBe(375);
    expect(base.lines).toHaveLength(1);
    expect(stepCodes(base)).toEqual(['base']);
  });

  test('of an excluded sku or category do not earn, and the trace says how much that was', () => {
    const lines = [
      aLine({ sku: 'gift-box', unitPrice: 500 }),
      aLine({ category: 'tobacco', unitPrice: 300, discount: 100 }),
      aLine({ sku: 'coffee', category: 'drinks', unitPrice: 200 }),
      aLine({ unitPrice: 50 }),
    ];
    const exclude = { skus: ['gift-box'], categories: ['tobacco'] };
    const base = baseOf({ total: 950, lines }, { earnOnTax: true, exclude });
    expect(base.amount).toBe(250);
    expect(base.lines.map(({ line }) => line.sku)).toEqual(['coffee', undefined]);
    expect(textOf(base, 'lines-excluded')).toContain('7.00 EUR');
    const empty = baseOf({ total: 950, lines }, { earnOnTax: true, exclude: {} });
    expect(empty.amount).toBe(950);
    expect(stepCodes(empty)).toEqual(['base']);
  });

  test('an excluded line takes its tax and its share of the order discount with it', () => {
    const lines = [
      aLine({ sku: 'gift-box', unitPrice: 1000, tax: 100 }),
      aLine({ unitPrice: 500, tax: 50 }),
    ];
    const base = baseOf(
      { total: 1400, lines, discounts: [{ amount: 100 }] },
      { earnOnTax: false, exclude: { skus: ['gift-box'] } },
    );
    // 5.00 less 0.33 of the discount less 0.50 of tax.
    expect(base.amount).toBe(417);
    expect(textOf(base, 'tax-left-out')).toContain('0.50 EUR');
  });

  test('item lines earn after their own discounts', () => {
    const lines = [
      aLine({ quantity: '2', unitPrice: 500, discount: 100 }),
      aLine({ unitPrice: 300 }),
    ];
    const base = baseOf({ total: 1200, lines });
    expect(base.amount).toBe(1200);
    expect(base.lines.map((line) => line.base)).toEqual([900, 300]);
  });

  test.each(['tip', 'service', 'delivery', 'gift_card_sale', 'deposit', 'donation'] as const)(
    'a %s never earns, and the trace says so',
    (kind) => {
      const lines = [aLine({ unitPrice: 800 }), aLine({ kind, unitPrice: 200 })];
      const base = baseOf({ lines });
      expect(base.amount).toBe(800);
      expect(base.lines.map((earning) => earning.line.kind)).toEqual(['item']);
      expect(textOf(base, 'lines-left-out')).toContain(kind.replaceAll('_', ' '));
    },
  );

  test('a sale without items earns nothing and leaves no line to earn on', () => {
    const base = baseOf({ lines: [aLine({ kind: 'gift_card_sale', unitPrice: 1000 })] });
    expect(base).toMatchObject({ amount: 0, lines: [] });
  });

  test('a line given for free is no line to earn on; one that cost a cent is', () => {
    const lines = [aLine({ sku: 'free', discount: 100 }), aLine({ sku: 'cent', discount: 99 })];
    const base = baseOf({ total: 1, lines });
    expect(base.lines.map((earning) => earning.line.sku)).toEqual(['cent']);
  });
});

describe('order discounts', () => {
  test('an order discount lowers the lines in proportion, to the last cent, and the trace says so', () => {
    const lines = [aLine({ unitPrice: 1000 }), aLine({ unitPrice: 500 })];
    const base = baseOf({ total: 1400, lines, discounts: [{ amount: 100 }] });
    expect(base.lines.map((line) => line.base)).toEqual([933, 467]);
    expect(base.amount).toBe(1400);
    expect(textOf(base, 'order-discount')).toContain('1.00 EUR');
  });

  test.each(['service', 'delivery'] as const)(
    'a %s bears its share of the order discount',
    (kind) => {
      const lines = [aLine({ unitPrice: 750 }), aLine({ kind, unitPrice: 250 })];
      expect(baseOf({ total: 900, lines, discounts: [{ amount: 100 }] }).amount).toBe(675);
    },
  );

  test.each(['tip', 'gift_card_sale', 'deposit', 'donation'] as const)(
    'a %s bears none of the order discount',
    (kind) => {
      const lines = [aLine({ unitPrice: 750 }), aLine({ kind, unitPrice: 250 })];
      expect(baseOf({ total: 900, lines, discounts: [{ amount: 100 }] }).amount).toBe(650);
    },
  );

  test('a discount of a line is taken off that line alone, the rest off what it leaves', () => {
    const lines = [
      aLine({ sku: 'gift-box', unitPrice: 1000 }),
      aLine({ unitPrice: 500 }),
      aLine({ unitPrice: 500 }),
    ];
    const exclude = { skus: ['gift-box'] };
    const discounts = [{ amount: 500, line: 1 }, { amount: 300 }];
    const base = baseOf({ total: 1200, lines, discounts }, { earnOnTax: true, exclude });
    expect(base.amount).toBe(400);
    for (const off of [
      { amount: 501, line: 1 },
      { amount: 0, line: 3 },
    ]) {
      const receipt = aReceipt({ total: 2000 - off.amount, lines, discounts: [off] });
      expect(findReceiptFault(receipt)).toEqual({ code: 'discount-exceeds-line', discount: 0 });
    }
  });

  test('several order discounts are one sum', () => {
    const lines = [aLine({ unitPrice: 1000 })];
    const discounts = [{ amount: 33 }, { amount: 67 }];
    expect(baseOf({ total: 900, lines, discounts }).amount).toBe(900);
  });

  test('a discount of the whole sale leaves nothing to earn on', () => {
    const lines = [aLine({ unitPrice: 600 }), aLine({ unitPrice: 400 })];
    const base = baseOf({ total: 0, lines, discounts: [{ amount: 1000 }] });
    expect(base).toMatchObject({ amount: 0, lines: [] });
  });

  test('with only a total known, the discount is already in it', () => {
    expect(baseOf({ total: 900, discounts: [{ amount: 100 }] }).amount).toBe(900);
  });
});

describe('tax', () => {
  const lines = [aLine({ unitPrice: 1230, tax: 230 })];

  test.each([
    { taxIncluded: true, earnOnTax: true, total: 1230, expected: 1230 },
    { taxIncluded: true, earnOnTax: false, total: 1230, expected: 1000 },
    { taxIncluded: false, earnOnTax: true, total: 1460, expected: 1460 },
    { taxIncluded: false, earnOnTax: false, total: 1460, expected: 1230 },
  ])('included: $taxIncluded, earns: $earnOnTax → $expected', (row) => {
    const { taxIncluded, earnOnTax, total, expected } = row;
    expect(baseOf({ total, taxIncluded, lines }, { earnOnTax }).amount).toBe(expected);
  });

  test('tax taken out of the base is said in the trace', () => {
    const base = baseOf({ total: 1230, lines }, { earnOnTax: false });
    expect(textOf(base, 'tax-left-out')).toContain('2.30 EUR');
    expect(stepCodes(baseOf({ total: 1230, lines }))).not.toContain('tax-left-out');
  });

  test('the tax of a line that does not earn is not taken out again', () => {
    const mixed = [...lines, aLine({ kind: 'service', unitPrice: 123, tax: 23 })];
    const base = baseOf({ total: 1353, lines: mixed }, { earnOnTax: false });
    expect(base.amount).toBe(1000);
    expect(textOf(base, 'tax-left-out')).toContain('2.30 EUR');
  });
});

describe('tenders', () => {
  test.each(['cash', 'card', 'gift_card', 'voucher', 'other'] as const)(
    'paying by %s earns',
    (kind) => {
      const base = baseOf({ tenders: [{ kind, amount: 1000 }] });
      expect(base.amount).toBe(1000);
      expect(stepCodes(base)).not.toContain('paid-with-points');
    },
  );

  test.each([
    [1, 999],
    [400, 600],
    [999, 1],
    [1000, 0],
  ])('with %i of 1000 paid with points, %i earn, and the trace says so', (points, expected) => {
    const base = baseOf({ tenders: [{ kind: 'points', amount: points }] });
    expect(base.amount).toBe(expected);
    expect(stepCodes(base)).toContain('paid-with-points');
  });

  test('points pay for their share of what earns and of what does not', () => {
    const lines = [aLine({ unitPrice: 800 }), aLine({ kind: 'tip', unitPrice: 200 })];
    expect(baseOf({ lines, tenders: [{ kind: 'points', amount: 500 }] }).amount).toBe(400);
  });

  test('a share that does not come out even is rounded down', () => {
    const lines = [aLine({ unitPrice: 100 }), aLine({ kind: 'tip', unitPrice: 200 })];
    expect(baseOf({ total: 300, lines, tenders: [{ kind: 'points', amount: 100 }] }).amount).toBe(
      66,
    );
  });

  test('a sale paid wholly with points leaves no line to earn on', () => {
    const lines = [aLine({ unitPrice: 1000 })];
    expect(baseOf({ lines, tenders: [{ kind: 'points', amount: 1000 }] }).lines).toEqual([]);
  });

  test('a sale of nothing has a base of nothing', () => {
    expect(baseOf({ total: 0 })).toMatchObject({ amount: 0, lines: [] });
  });
});

test('the trace says how much of the total earns, in the currency of the sale', () => {
  expect(textOf(baseOf({ total: 375, currency: 'JPY' }), 'base')).toBe('375 JPY of 375 JPY earns');
});
