import type { BusinessConfig } from '../earning/decide-purchase.ts';
import type { BusinessId, CardId, CustomerId } from '../values/ids.ts';
import type { BookEntry } from './book-entry.ts';
import type { Card } from './card.ts';

/** The books as one command sees them, inside its transaction. */
export interface LedgerBooks {
  /** The business's set-up; undefined for a business that does not exist. */
  loadConfig(businessId: BusinessId): Promise<BusinessConfig | undefined>;
  /**
   * A card with its open lots, locked until the transaction ends; undefined when there is none. For a
   * card that was merged it is the one that carries on.
   */
  lockCard(businessId: BusinessId, cardId: CardId): Promise<Card | undefined>;
  /** All cards of some customers with their open lots, locked in the order every batch locks in. */
  lockCards(businessId: BusinessId, customerIds: readonly CustomerId[]): Promise<Card[]>;
  /** Writes new cards that no entry opens. */
  openCards(businessId: BusinessId, cards: readonly Card[]): Promise<void>;
  /** Writes entries with everything that hangs on them. */
  write(entries: readonly BookEntry[]): Promise<void>;
}
