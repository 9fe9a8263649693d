import type { Store } from '../tenancy/business.ts';
import { parseDecimal, roundHalfUpDiv, toSafeInteger } from '../values/decimal.ts';
import type { StaffId } from '../values/ids.ts';
import type { LineKind, TenderKind } from '../values/receipt.ts';
import type { BusinessDate, Instant } from '../values/time.ts';

/** A line of a receipt. Money is minor units; `tax` is the tax of the line as charged. */
export interface PurchaseLine {
  kind: LineKind;
  sku?: string | undefined;
  category?: string | undefined;
  /** Decimal string; weights have fractions. */
  quantity: string;
  unitPrice: number;
  /** Taken off this line, ≥ 0. */
  discount: number;
  tax: number;
}

/** The money of a sale, as the till rang it up. */
export interface Receipt {
  currency: string;
  total: number;
  /** Whether line prices contain the tax (as in the EU) or it is added on top (as in the US). */
  taxIncluded: boolean;
  /** Empty for a sale of which only the total is known. */
  lines: readonly PurchaseLine[];
  /** Order discounts, ≥ 0 each: off the whole sale, or off the line at a position. */
  discounts: readonly {
    amount: number;
    voucherCode?: string | undefined;
    line?: number | undefined;
  }[];
  tenders: readonly { kind: TenderKind; amount: number }[];
}

/** A sale with the place and times that decide what it earns. */
export interface Purchase extends Receipt {
  store: Store;
  /** Who rang it up, where the till says so. */
  staffId?: StaffId | undefined;
  occurredAt: Instant;
  businessDate: BusinessDate;
}

const QUANTITY_SCALE = 6;

/** What a line costs before order discounts: price × quantity, rounded half up, less its discount. */
export function lineAmount(line: PurchaseLine): number {
  const whole = line.unitPrice * Number(line.quantity);
  // Mostly a quantity is a whole number, and then there is nothing to round.
  if (Number.isSafeInteger(whole) && !line.quantity.includes('.')) return whole - line.discount;
  const gross = BigInt(line.unitPrice) * parseDecimal(line.quantity, QUANTITY_SCALE);
  return toSafeInteger(roundHalfUpDiv(gross, 10n ** BigInt(QUANTITY_SCALE))) - line.discount;
}

export type ReceiptFault =
  | { code: 'line-discount-exceeds-line'; line: number }
  | { code: 'discount-exceeds-line'; discount: number }
  | { code: 'total-mismatch'; expected: number }
  | { code: 'points-tender-exceeds-total' };

/**
 * The first thing that does not add up in a receipt, or undefined. Tolerance is zero: a till that is
 * a cent off would earn a cent off for ever.
 */
export function findReceiptFault(receipt: Receipt): ReceiptFault | undefined {
  const amounts = receipt.lines.map(lineAmount);
  const bad = amounts.findIndex((amount) => amount < 0);
  if (bad >= 0) return { code: 'line-discount-exceeds-line', line: bad };
  const left = [...amounts];
  for (const [discount, { line, amount }] of receipt.discounts.entries()) {
    if (line === undefined) continue;
    left[line] = (left[line] ?? -1) - amount;
    if (left[line] < 0) return { code: 'discount-exceeds-line', discount };
  }
  if (receipt.lines.length > 0) {
    const taxOnTop = receipt.taxIncluded ? 0 : sum(receipt.lines.map((line) => line.tax));
    const expected = sum(amounts) + taxOnTop - sum(receipt.discounts.map((d) => d.amount));
    if (expected !== receipt.total) return { code: 'total-mismatch', expected };
  }
  if (paidWithPoints(receipt) > receipt.total) return { code: 'points-tender-exceeds-total' };
  return undefined;
}

/** Minor units of the sale that were paid with points. */
export function paidWithPoints(receipt: Receipt): number {
  return sum(receipt.tenders.filter((t) => t.kind === 'points').map((t) => t.amount));
}

/** Sum of integers. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
