import type { BusinessId, CardId } from '../values/ids.ts';

/** Moves cards between active and blocked, inside a command's transaction. */
export interface CardStatuses {
  /** The card's row must be locked. */
  set(businessId: BusinessId, cardId: CardId, status: 'active' | 'blocked'): Promise<void>;
}
