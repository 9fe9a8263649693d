import type { Card } from '../ledger/card.ts';
import type { BusinessId, CardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Where a sweep has come to: it goes on behind this and never walks over its own work again. */
export interface SweepPosition {
  at: Instant;
  id: string;
}

/** Why a card is due: a lot on it has expired, or the card has been idle for too long. */
export type SweepKind = 'lots' | 'idle-cards';

export interface DueCards {
  cardIds: readonly CardId[];
  /** Undefined when nothing more is due. */
  next: SweepPosition | undefined;
}

/** The books as the sweep sees them, inside its transaction. */
export interface ExpiryBooks {
  /** Cards of a business on which something has expired by an instant; at most `limit` of it. */
  findDue(
    sweep: { businessId: BusinessId; kind: SweepKind; at: Instant; limit: number },
    after: SweepPosition | undefined,
  ): Promise<DueCards>;
  /**
   * Those of the cards that nobody else holds and on which nothing was recorded since an instant,
   * locked, with their open lots. It never waits.
   */
  claimCards(
    businessId: BusinessId,
    wanted: { cardIds: readonly CardId[]; restingSince: Instant },
  ): Promise<Card[]>;
  /** Forgets until when these cards were active: nothing on them lapses any more. */
  forgetActivity(businessId: BusinessId, cardIds: readonly CardId[]): Promise<void>;
}
