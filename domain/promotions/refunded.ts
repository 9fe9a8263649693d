import type { CounterKey, PromotionUse } from '../ledger/book-entry.ts';
import type { BusinessDate } from '../values/time.ts';
import type { PromotionId } from '../values/ids.ts';

/** What one promotion gave to a sale, before and after a refund of it. */
export interface GivenBefore {
  promotionId: PromotionId | null;
  /** Null where the promotion has no budget. */
  room: number | null;
  /** Ledger units. */
  given: number;
}

/**
 * What a refund hands back to promotions: the amount to the budget, and the use itself to the
 * customer's limit once nothing is left of what the promotion gave.
 * @param before what the layers still give to the sale, earlier refunds taken off
 * @param after what they give to what is left of the sale, in the same order
 * @param date the sale's business date: the period whose limit it counted in
 */
export function takeBackUses(
  before: readonly GivenBefore[],
  after: readonly { given: number }[],
  date: BusinessDate,
): { uses: PromotionUse[]; counts: { key: CounterKey; change: number }[] } {
  const uses: PromotionUse[] = [];
  const counts: { key: CounterKey; change: number }[] = [];
  for (const [i, { promotionId, room, given }] of before.entries()) {
    const back = given - (after[i]?.given ?? 0);
    if (promotionId === null || back <= 0) continue;
    uses.push({ promotionId, uses: back === given ? -1 : 0, amount: -back, date });
    if (room !== null) counts.push({ key: `budget:${promotionId}`, change: -back });
  }
  return { uses, counts };
}
