import type { BusinessId, CardId, CustomerId, ProgramId } from '../values/ids.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import type { TierChange, TierHolding, TierProgress } from './tiers.ts';

/** A card whose level is near the end of its period, locked until the transaction ends. */
export interface DueCard {
  id: CardId;
  programId: ProgramId;
  customerId: CustomerId;
  /** Number of the card's last event. */
  sequence: number;
  holding: TierHolding & { level: string };
}

/** What the end of a period does to a card. */
export interface TierUpdate {
  card: DueCard;
  /** The same holding, prolonged, noticed or reassured; or the next one. */
  outcome: { kind: 'same'; holding: TierHolding } | { kind: 'next'; change: TierChange };
  /** Facts for the outbox, at most one; each raises the card's sequence. */
  events: readonly unknown[];
}

/** The levels of cards, as a sweep sees them inside its transaction. */
export interface TierBooks {
  /**
   * Cards whose level ends by a moment, in order of their ids. Cards that somebody else holds are
   * left to the next run.
   */
  lockDue(
    businessId: BusinessId,
    query: { until: Instant; after: CardId | null; limit: number },
  ): Promise<DueCard[]>;
  /**
   * What was reached between two business dates, both included, on a card and on those that were
   * merged into it; one answer a window, in order.
   */
  progressOf(
    businessId: BusinessId,
    windows: readonly { cardId: CardId; from: BusinessDate; to: BusinessDate }[],
  ): Promise<TierProgress[]>;
  /** Every level that some cards have held; cards that never held one are left out. */
  historyOf(
    businessId: BusinessId,
    cardIds: readonly CardId[],
  ): Promise<Map<CardId, TierHolding[]>>;
  write(businessId: BusinessId, updates: readonly TierUpdate[]): Promise<void>;
}
