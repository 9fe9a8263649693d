import type { OwnedReward } from '../rewards/reward-books.ts';
import type { BusinessId, CardId, CustomerId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Forgetting somebody, inside one transaction. */
export interface Erasure {
  /** The customer, and whoever was merged into them, in id order. */
  findAll(businessId: BusinessId, id: CustomerId): Promise<CustomerId[]>;
  /** Rewards on these cards that could still be used. */
  findOpenRewards(businessId: BusinessId, cardIds: readonly CardId[]): Promise<OwnedReward[]>;
  /** Cards that take no more sales. Merged ones stay merged. */
  closeCards(businessId: BusinessId, customers: readonly CustomerId[]): Promise<void>;
  /**
   * Takes away everything personal and every way in: contacts, name, birthday, locale, consents,
   * tags, external ids, sign-ins, what they are searched by, and what people wrote about them in the
   * books, the audit log, approvals and outcomes. Amounts stay, and the ids that they hang on.
   */
  forget(
    businessId: BusinessId,
    who: { id: CustomerId; customers: readonly CustomerId[]; at: Instant },
  ): Promise<void>;
}
