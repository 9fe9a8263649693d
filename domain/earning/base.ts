import type { Exclusions } from '../programs/program.ts';
import { mulDiv } from '../values/decimal.ts';
import { formatMoney } from '../values/money.ts';
import { allocateByLargestRemainder } from './allocate.ts';
import { type ExplanationStep, step } from './explanation.ts';
import { lineAmount, paidWithPoints, type PurchaseLine, type Receipt, sum } from './purchase.ts';

/** A line that can earn, with what is left of it once everything that does not earn is taken out. */
export interface EarningLine {
  line: PurchaseLine;
  /** Minor units, > 0. */
  base: number;
}

export interface Base {
  /** Minor units that earn, after discounts, tax and the share paid with points. */
  amount: number;
  lines: readonly EarningLine[];
  steps: readonly ExplanationStep[];
}

// An order discount lowers what was bought, not a tip, a deposit, a donation or a gift card.
const DISCOUNTED_KINDS: readonly string[] = ['item', 'service', 'delivery'];

/**
 * The part of a sale that earns: item lines, after their own and their share of the order discounts,
 * without tax unless the program earns on it, and without the share that was paid with points.
 * A sale known only by its total is one item line.
 */
export function computeBase(
  receipt: Receipt,
  options: { earnOnTax: boolean; exclude?: Exclusions | undefined },
): Base {
  const lines = linesOf(receipt);
  const amounts = lines.map(lineAmount);
  const shares = discountShares(receipt);
  const steps: ExplanationStep[] = [];
  const money = (amount: number) => formatMoney({ amount, currency: receipt.currency });

  const earning: EarningLine[] = [];
  let tax = 0;
  let excluded = 0;
  for (const [i, line] of lines.entries()) {
    if (line.kind !== 'item') continue;
    const net = (amounts[i] ?? 0) - (shares[i] ?? 0);
    if (options.exclude && isExcluded(line, options.exclude)) {
      excluded += net;
      continue;
    }
    const taxed = taxShare(line, receipt.taxIncluded, options.earnOnTax);
    if (!options.earnOnTax) tax += receipt.taxIncluded ? line.tax : 0;
    if (net + taxed > 0) earning.push({ line, base: net + taxed });
  }

  const discounted = sum(shares);
  if (discounted > 0) {
    steps.push(
      step('order-discount', `Order discount of ${money(discounted)} taken off the lines`),
    );
  }
  const leftOut = [...new Set(lines.filter((l) => l.kind !== 'item').map((l) => l.kind))];
  if (leftOut.length > 0) {
    steps.push(step('lines-left-out', `Do not earn: ${leftOut.join(', ').replaceAll('_', ' ')}`));
  }
  if (excluded > 0) {
    steps.push(step('lines-excluded', `This program leaves out ${money(excluded)} of the items`));
  }
  if (tax > 0) steps.push(step('tax-left-out', `Tax of ${money(tax)} does not earn`));

  const gross = sum(earning.map((e) => e.base));
  const amount = lessPointsShare(gross, receipt);
  if (amount < gross) {
    steps.push(step('paid-with-points', `${money(gross - amount)} was paid with points`));
  }
  steps.push(step('base', `${money(amount)} of ${money(receipt.total)} earns`));
  return { amount, lines: amount > 0 ? earning : [], steps };
}

function linesOf(receipt: Receipt): readonly PurchaseLine[] {
  return receipt.lines.length > 0 ? receipt.lines : [totalAsLine(receipt)];
}

function isExcluded(line: PurchaseLine, exclude: Exclusions): boolean {
  return (
    (line.sku !== undefined && (exclude.skus?.includes(line.sku) ?? false)) ||
    (line.category !== undefined && (exclude.categories?.includes(line.category) ?? false))
  );
}

function totalAsLine(receipt: Receipt): PurchaseLine {
  const gross = receipt.total + sum(receipt.discounts.map((d) => d.amount));
  return { kind: 'item', quantity: '1', unitPrice: gross, discount: 0, tax: 0 };
}

/** What the order discounts take off each line, in minor units; one share per line. */
export function discountShares(receipt: Receipt): number[] {
  const lines = linesOf(receipt);
  const discount = sum(receipt.discounts.map((d) => d.amount));
  if (discount === 0) return lines.map(() => 0);
  const named = discountsOfLines(receipt);
  const amounts = lines.map((line, i) => lineAmount(line) - (named[i] ?? 0));
  const goods = amounts.map((amount, i) =>
    DISCOUNTED_KINDS.includes(lines[i]?.kind ?? '') ? amount : 0,
  );
  // Only what is more than the goods cost can have been meant for the rest.
  const spread = discount - sum(named);
  const offGoods = Math.min(spread, sum(goods));
  const rest = amounts.map((amount, i) => amount - (goods[i] ?? 0));
  const goodsShares = allocateByLargestRemainder(offGoods, goods);
  const restShares = allocateByLargestRemainder(spread - offGoods, rest);
  return amounts.map((_, i) => (named[i] ?? 0) + (goodsShares[i] ?? 0) + (restShares[i] ?? 0));
}

/** What was taken off single lines, by position; empty where every discount is the whole order's. */
function discountsOfLines({ discounts }: Receipt): number[] {
  const named: number[] = [];
  for (const { line, amount } of discounts) {
    if (line !== undefined) named[line] = (named[line] ?? 0) + amount;
  }
  return Array.from(named, (amount) => amount ?? 0);
}

/** What tax adds to (prices without tax) or takes from (prices with tax) a line's base. */
function taxShare(line: PurchaseLine, taxIncluded: boolean, earnOnTax: boolean): number {
  if (taxIncluded) return earnOnTax ? 0 : -line.tax;
  return earnOnTax ? line.tax : 0;
}

/** A base without the share of the receipt that was paid with points, rounded down. */
export function lessPointsShare(base: number, receipt: Receipt): number {
  const points = paidWithPoints(receipt);
  if (points === 0 || receipt.total === 0) return base;
  return mulDiv(base, receipt.total - points, receipt.total).quotient;
}
