import type { Receipt } from '../earning/purchase.ts';
import {
  baseOfRemains,
  type RefundRequest,
  remainingOf,
  sumRefunds,
} from '../refunds/remaining.ts';
import type { CardStatus } from '../ledger/card.ts';
import { participates, type Program, versionAt } from '../programs/program.ts';
import type { Store } from '../tenancy/business.ts';
import type { Instant } from '../values/time.ts';

/** Orders purchases of one instant: the till's id of the sale, then the till system's name. */
export function purchaseReference(sale: { integration: string; externalId: string }): string {
  return `${sale.externalId} ${sale.integration}`;
}

/** A sale as offers see it. */
export interface OfferedSale {
  receipt: Receipt;
  store: Store;
  occurredAt: Instant;
  /** Of the customer's card in the program, when the sale was recorded. */
  cardStatus: CardStatus;
  /** What was refunded of it. */
  refunds?: readonly RefundRequest[];
}

/**
 * What a purchase brings to offers of a program, in minor units: what was bought after discounts, of
 * the lines that earn, with or without tax as the program's version of that moment says, however it
 * was paid. (Points pay for earlier purchases' reward; they do not make this purchase smaller, as
 * they make what it earns.) Nothing in another currency, at a store that does not take part, before
 * the program began, or on a card that was not active.
 */
export function contributionMinor(program: Program, sale: OfferedSale): number {
  const { receipt, store, cardStatus } = sale;
  if (cardStatus !== 'active' || !participates(program, store)) return 0;
  return receipt.currency === program.currency ? refundedMinor(program, sale) : 0;
}

/** The same of a sale that is known to count, after its refunds. */
export function refundedMinor(
  program: Program,
  { receipt, occurredAt, refunds = [] }: Pick<OfferedSale, 'receipt' | 'occurredAt' | 'refunds'>,
): number {
  const version = versionAt(program, occurredAt);
  if (!version) return 0;
  const remaining = remainingOf(receipt, sumRefunds(refunds));
  return baseOfRemains(remaining, { earnOnTax: version.earnOnTax });
}
