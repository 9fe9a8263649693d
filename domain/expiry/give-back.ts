import { isValidAt, type Lot, type LotDraw, type NewLot, sumDraws } from '../ledger/lots.ts';
import type { CardId, IdSource, LotId } from '../values/ids.ts';
import { endOfDay, type Instant, localDate } from '../values/time.ts';

/** What was given back must not be gone before its owner can use it. */
export const GIVEN_BACK_LIVES_DAYS = 7;

/** A lot as giving back needs it; one that holds nothing any more as well. */
export type SpentLot = Pick<Lot, 'id' | 'cardId' | 'expiresAt' | 'earnedAt'>;

export interface GivenBack {
  /** What goes back into the lots it was drawn from, ledger units > 0. */
  draws: LotDraw[];
  /** What came from lots that have expired since, or that are another card's by now. */
  newLots: NewLot[];
}

/**
 * Undoes draws: each amount returns to the lot it came from. A lot's end never changes, so what came
 * from one that has expired becomes a new lot, earned when the old one was, that lives to the end
 * of the seventh local day from now. What came from a lot that went back to its own card, because
 * its merge was undone, becomes a new lot with the old one's end. Two postings tell of it: one that
 * gives back to the `draws`, and one without draws of the sum of the new lots.
 * @param drawn what the spending drew
 * @param lots every lot among them
 */
export function giveBack(
  drawn: readonly LotDraw[],
  lots: readonly SpentLot[],
  context: { cardId: CardId; at: Instant; zone: string },
  ids: IdSource,
): GivenBack {
  const { cardId, at, zone } = context;
  const byId = new Map<LotId, SpentLot>(lots.map((lot) => [lot.id, lot]));
  const result: GivenBack = { draws: [], newLots: [] };
  for (const draw of sumDraws(drawn)) {
    const lot = byId.get(draw.lotId);
    if (!lot) throw new RangeError(`lot ${draw.lotId} is not among those given`);
    const isOpen = isValidAt(lot, at);
    if (isOpen && lot.cardId === cardId) {
      result.draws.push(draw);
      continue;
    }
    result.newLots.push({
      id: ids.id('lot'),
      cardId,
      earnedAt: lot.earnedAt,
      expiresAt: isOpen
        ? lot.expiresAt
        : endOfDay(localDate(at, zone), GIVEN_BACK_LIVES_DAYS, zone),
      amount: draw.amount,
      remaining: draw.amount,
    });
  }
  return result;
}
