import type { BusinessId, CardId, CustomerId, ProgramId, RewardId } from '../values/ids.ts';
import { type BusinessDate, DAY_MS, type Instant } from '../values/time.ts';
import type { Unit } from '../values/units.ts';

/** What a card loses at the end of one day. */
export interface CardExpiry {
  cardId: CardId;
  programId: ProgramId;
  customerId: CustomerId;
  unit: Unit;
  /** In the program's zone. */
  day: BusinessDate;
  /** Ledger units. */
  amount: number;
  rewards: readonly { rewardId: RewardId; name: string }[];
}

/**
 * How long it is kept which mails were sent. A fact may be told of again while it lies in a queue, then
 * among the dead letters (14 days each), and once more when it is sent from there.
 */
export const MAILS_KEPT_MS = 90 * DAY_MS;

/** What is told once and not again, inside one command's transaction. */
export interface Announcements {
  /**
   * What ends within a time and nobody was told of: of active cards, at least a whole stamp, point or
   * reward, and nothing that lives for two weeks or less from its beginning.
   */
  findExpiring(
    businessId: BusinessId,
    within: { from: Instant; to: Instant; limit: number },
  ): Promise<CardExpiry[]>;
  /**
   * Takes ends on to tell of. Another command that takes on the same waits for this one's end.
   * @returns those that nobody has told of yet
   */
  claimExpiries(businessId: BusinessId, ends: readonly CardExpiry[]): Promise<CardExpiry[]>;
  /** The zone of the business's own calendar. */
  zoneOf(businessId: BusinessId): Promise<string | undefined>;
  /** Takes a week on to report, by its first day. @returns false when somebody has */
  claimWeek(businessId: BusinessId, from: BusinessDate): Promise<boolean>;
  /**
   * Forgets mails taken on, and what was announced, before a time: at most `limit` of each.
   * @returns how many, of whichever were more
   */
  forget(businessId: BusinessId, before: Instant, limit: number): Promise<number>;
}
