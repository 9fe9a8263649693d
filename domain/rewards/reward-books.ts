import type {
  BusinessId,
  CardId,
  CustomerId,
  RewardDefinitionId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { RewardDefinition } from './definition.ts';
import type { HeldReward } from './reward.ts';

/** Rewards as one command sees them, inside its transaction. */
export interface RewardBooks {
  /** The reward of a code as it is now; to be read again once its card is locked. */
  findReward(businessId: BusinessId, code: string): Promise<OwnedReward | undefined>;
  /** Those that a transaction used up. */
  findRedeemedIn(businessId: BusinessId, transactionId: TransactionId): Promise<OwnedReward[]>;
  /** Those whose expiry or reservation is over but that do not say so, longest overdue first. */
  findOverdue(businessId: BusinessId, query: OverdueQuery): Promise<OwnedReward[]>;
  /** Locked until the transaction ends, so that the last piece goes to one customer. */
  lockDefinition(
    businessId: BusinessId,
    id: RewardDefinitionId,
  ): Promise<RewardDefinition | undefined>;
  /** One less in stock. @throws Error when there is none: it was not looked at under its lock */
  takeFromStock(businessId: BusinessId, id: RewardDefinitionId): Promise<void>;
  /** How many of a definition's rewards a card was issued that were not taken back. */
  countTaken(
    businessId: BusinessId,
    cardId: CardId,
    definitionId: RewardDefinitionId,
  ): Promise<number>;
  tagsOf(businessId: BusinessId, customerId: CustomerId): Promise<string[]>;
}

/** A reward with whose it is, so that their cards can be locked in the order of all batches. */
export type OwnedReward = HeldReward & { businessId: BusinessId; customerId: CustomerId };

export interface OverdueQuery {
  what: 'expiry' | 'reservation';
  at: Instant;
  limit: number;
}
