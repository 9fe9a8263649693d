import type { JudgedLayer } from '../promotions/layers.ts';
import type { BusinessDate } from '../values/time.ts';
import type { CardId, LotId, ProgramId } from '../values/ids.ts';

/**
 * What judged a sale for one card, as far as its version does not say it: with this, what is left of
 * the sale after a refund is judged as the sale was. Stored with the sale, so fields are only added,
 * and left out where they say nothing.
 */
export interface CardJudgement {
  cardId: CardId;
  programId: ProgramId;
  /** Number of the program version that judged. */
  version: number;
  /**
   * Promotions and the level that were laid over the rules, with what each gave; absent for none.
   * What is left of the sale is judged by them again (see `layeredAmount`).
   */
  layers?: readonly JudgedLayer[];
  /**
   * Where promotions and levels noted the sale: under which business date, and whether it counts
   * towards levels. Absent where they noted nothing.
   */
  noted?: { date: BusinessDate; countsForLevels?: true };
  /**
   * Ledger units given, > 0, after caps. Where a cap took something away this is also the room it
   * left, and where none did no refund can earn more; so it bounds what the remains may earn.
   */
  earned: number;
  /** The lot that holds it. */
  lotId: LotId;
}

/** What is stored with a sale that earned something. */
export interface SaleJudgement {
  cards: readonly CardJudgement[];
}

/** A sale's judgement out of its cards' decisions; null where there is nothing to take back. */
export function judgementOf(
  cards: readonly { judgement: CardJudgement | null }[],
): SaleJudgement | null {
  const judged = cards.flatMap(({ judgement }) => judgement ?? []);
  return judged.length > 0 ? { cards: judged } : null;
}
