import { computeBase, discountShares, lessPointsShare } from '../earning/base.ts';
import { layeredAmount } from '../earning/promote.ts';
import { lineAmount, type PurchaseLine, type Receipt, sum } from '../earning/purchase.ts';
import type { Program } from '../programs/program.ts';
import type { JudgedLayer } from '../promotions/layers.ts';
import { formatDecimal, parseDecimal, roundHalfUpDiv, toSafeInteger } from '../values/decimal.ts';
import type { CardJudgement } from './judgement.ts';

/** What one refund takes of a sale, as posted; exactly one of the three. */
export interface RefundRequest {
  /** By position on the receipt, from 0; quantities are decimal strings. */
  lines?: readonly { line: number; quantity: string }[] | undefined;
  /** Minor units of the sale's currency. */
  amount?: number | undefined;
  full?: true | undefined;
}

/** What refunds have taken of a sale so far: a sum, so their order is no matter. */
export interface Refunded {
  /** Millionths of each line's unit, by its position. */
  quantities: ReadonlyMap<number, bigint>;
  /** Minor units, beyond lines. */
  amount: number;
  isFull: boolean;
}

/** What is left of a sale. */
export interface Remaining {
  /** The receipt without what lines were given back; discounts stand with their lines. */
  receipt: Receipt;
  /** Minor units left of the sale, after refunds by line and by amount. */
  total: number;
  /** Whether there is nothing that a refund could still take. */
  isEmpty: boolean;
}

/** Refusals, in order of precedence. */
export type RefundFault = 'nothing-left-to-refund' | 'unknown-line' | 'refund-exceeds-sale';

const QUANTITY_SCALE = 6;

/** Adds up what refunds took. */
export function sumRefunds(requests: readonly RefundRequest[]): Refunded {
  const quantities = new Map<number, bigint>();
  for (const { line, quantity } of requests.flatMap((request) => request.lines ?? [])) {
    const already = quantities.get(line) ?? 0n;
    quantities.set(line, already + parseDecimal(quantity, QUANTITY_SCALE));
  }
  return {
    quantities,
    amount: sum(requests.map((request) => request.amount ?? 0)),
    isFull: requests.some((request) => request.full),
  };
}

/**
 * What refunds leave of a receipt. A line keeps its share of its own and of the order's discount and
 * of its tax, in proportion to the quantity that stays; amounts come off what the lines then make.
 */
export function remainingOf(receipt: Receipt, refunded: Refunded): Remaining {
  const left = refunded.isFull ? nothingOf(receipt) : withoutLines(receipt, refunded.quantities);
  const total = refunded.isFull ? 0 : left.total - refunded.amount;
  const allLinesGone = receipt.lines.length > 0 && left.lines.length === 0;
  const allMoneyGone = refunded.amount > 0 && total === 0;
  return { receipt: left, total, isEmpty: refunded.isFull || allLinesGone || allMoneyGone };
}

/** Why a refund cannot be taken after those before it; undefined when it can. */
export function findRefundFault(
  receipt: Receipt,
  past: readonly RefundRequest[],
  request: RefundRequest,
): RefundFault | undefined {
  if (remainingOf(receipt, sumRefunds(past)).isEmpty) return 'nothing-left-to-refund';
  const refunded = sumRefunds([...past, request]);
  for (const [index, quantity] of refunded.quantities) {
    const line = receipt.lines[index];
    if (!line) return 'unknown-line';
    if (quantity > parseDecimal(line.quantity, QUANTITY_SCALE)) return 'refund-exceeds-sale';
  }
  return remainingOf(receipt, refunded).total < 0 ? 'refund-exceeds-sale' : undefined;
}

/** What the remains of a sale are worth on a card. */
export interface Remains {
  /** Ledger units; what the sale gave, when nothing was refunded. */
  earned: number;
  /** Minor units that earn. */
  spend: number;
  /** What promotions and the level still give. */
  layers: readonly JudgedLayer[];
}

/**
 * What the remains of a sale earn on a card, judged as the sale was: by the same version, promotions
 * and caps.
 * @throws Error when the version that judged is gone
 */
export function judgeRemains(
  judgement: CardJudgement,
  program: Program,
  sale: { receipt: Receipt; remaining: Remaining },
): Remains {
  const { receipt, remaining } = sale;
  const version = program.versions.find((v) => v.number === judgement.version);
  if (!version) throw new Error(`no version ${judgement.version} of ${program.id}`);
  const whole = computeBase({ ...remaining.receipt, tenders: [] }, version);
  const amount = inProportion(
    lessPointsShare(whole.amount, receipt),
    remaining.total,
    remaining.receipt.total,
  );
  const base = { amount, lines: amount > 0 ? whole.lines : [], steps: [] };
  const { layers = [], earned } = judgement;
  const layered = layeredAmount({ program, version, layers }, base, earned);
  return { earned: layered.amount, spend: amount, layers: layered.layers };
}

/**
 * What is left of the part of a sale that earns, in minor units, however it was paid: what was
 * refunded by amount comes off it in proportion.
 */
export function baseOfRemains(remaining: Remaining, options: { earnOnTax: boolean }): number {
  const { amount } = computeBase({ ...remaining.receipt, tenders: [] }, options);
  return inProportion(amount, remaining.total, remaining.receipt.total);
}

/** Whether a line was given back whole, by line. */
export function isLineGone(receipt: Receipt, { quantities }: Refunded, line: number): boolean {
  const bought = receipt.lines[line];
  const back = quantities.get(line) ?? 0n;
  return bought !== undefined && back >= parseDecimal(bought.quantity, QUANTITY_SCALE);
}

function nothingOf(receipt: Receipt): Receipt {
  return { ...receipt, total: 0, lines: [], discounts: [] };
}

function withoutLines(receipt: Receipt, quantities: ReadonlyMap<number, bigint>): Receipt {
  if (quantities.size === 0) return receipt;
  const shares = discountShares(receipt);
  const lines = receipt.lines.flatMap((line, i) =>
    lineLeft({ ...line, discount: line.discount + (shares[i] ?? 0) }, quantities.get(i) ?? 0n),
  );
  const tax = receipt.taxIncluded ? 0 : sum(lines.map((line) => line.tax));
  return { ...receipt, lines, discounts: [], total: sum(lines.map(lineAmount)) + tax };
}

/** A line less a quantity of it; nothing when all of it went. */
function lineLeft(line: PurchaseLine, refunded: bigint): PurchaseLine[] {
  const quantity = parseDecimal(line.quantity, QUANTITY_SCALE);
  const left = quantity - refunded;
  if (left <= 0n) return [];
  if (refunded === 0n) return [line];
  const share = (amount: number) => toSafeInteger(roundHalfUpDiv(BigInt(amount) * left, quantity));
  const kept = { ...line, quantity: formatDecimal(left, QUANTITY_SCALE), discount: 0 };
  // A part of a weight may round down where its discount rounds up.
  const discount = Math.min(share(line.discount), lineAmount(kept));
  return [{ ...kept, discount, tax: share(line.tax) }];
}

function inProportion(amount: number, part: number, whole: number): number {
  if (part === whole) return amount;
  return toSafeInteger(roundHalfUpDiv(BigInt(amount) * BigInt(part), BigInt(whole)));
}
