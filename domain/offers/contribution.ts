import { computeBase } from '../earning/base.ts';
import type { Receipt } from '../earning/purchase.ts';
import type { CardStatus } from '../ledger/card.ts';
import { participates, type Program, versionAt } from '../programs/program.ts';
import type { Store } from '../tenancy/business.ts';
import type { Instant } from '../values/time.ts';

/** Orders purchases of one instant: the till's id of the sale, then the till system's name. */
export function purchaseReference(sale: { integration: string; externalId: string }): string {
  return `${sale.externalId} ${sale.integration}`;
}

/**
 * What a purchase brings to offers of a program, in minor units: what was bought after discounts, of
 * the lines that earn, with or without tax as the program's version of that moment says, however it
 * was paid. (Points pay for earlier purchases' reward; they do not make this purchase smaller, as
 * they make what it earns.) Nothing in another currency, at a store that does not take part, before
 * the program began, or on a card that was not active.
 */
export function contributionMinor(
  program: Program,
  sale: { receipt: Receipt; store: Store; occurredAt: Instant; cardStatus: CardStatus },
): number {
  const { receipt, store, occurredAt, cardStatus } = sale;
  const version = versionAt(program, occurredAt);
  if (!version || cardStatus !== 'active') return 0;
  if (receipt.currency !== program.currency || !participates(program, store)) return 0;
  const bought = { ...receipt, tenders: [] };
  return computeBase(bought, { earnOnTax: version.earnOnTax }).amount;
}
