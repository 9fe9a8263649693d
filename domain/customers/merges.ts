import type { Card, CardStatus } from '../ledger/card.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  LotId,
  RewardId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { MergedPair } from './merge.ts';
import type { MergedProfile } from './merge-profiles.ts';

/** A merge as it is kept, so that it can be taken back. Nothing in it is personal. */
export interface Merge {
  id: TransactionId;
  survivorId: CustomerId;
  mergedId: CustomerId;
  mergedAt: Instant;
  profile: MergedProfile;
  /** Cards that met one of the same program. */
  pairs: readonly (MergedPair & Holdings)[];
  /** Cards that had none to meet and only changed hands, with the lots they held. */
  handedOver: readonly HandedOver[];
  /** Cards merged into those of the merged customer before, and customers likewise. */
  earlier: {
    cards: readonly { cardId: CardId; mergedInto: CardId }[];
    customers: readonly CustomerId[];
  };
}

/** A card that only changed hands. */
export interface HandedOver {
  cardId: CardId;
  lots: readonly { lotId: LotId; remaining: number }[];
  offerIds: readonly string[];
}

/** What hangs on a card beside its balance. */
export interface Holdings {
  lotIds: readonly LotId[];
  rewardIds: readonly RewardId[];
  offerIds: readonly string[];
}

/** A card and whose it is. */
export interface Holder {
  cardId: CardId;
  customerId: CustomerId;
}

/** Who holds a card, and whether it still stands for itself. */
export interface CardPlace {
  id: CardId;
  customerId: CustomerId;
  status: CardStatus;
  mergedInto: CardId | null;
  /** Number of its last event; left out where it had none. */
  sequence?: number;
}

/** Where merges are written and read, inside one transaction. */
export interface Merges {
  /** The last merge of that customer which has not been taken back. */
  find(businessId: BusinessId, mergedId: CustomerId): Promise<Merge | undefined>;
  /** Cards by id, merged ones too, locked; without lots. */
  lockMerged(businessId: BusinessId, ids: readonly CardId[]): Promise<Card[]>;
  /** What an earlier merge brought to a customer and their cards. */
  findEarlier(businessId: BusinessId, customerId: CustomerId): Promise<Merge['earlier']>;
  /**
   * Moves every lot, reward and offer of a card, spent ones too: a refund may still give back to
   * them. With the same card twice only offers move, to the card's new holder.
   */
  moveHoldings(businessId: BusinessId, from: CardId, into: Holder): Promise<Holdings>;
  /** Moves those named, wherever they are now. */
  moveBack(businessId: BusinessId, holdings: Partial<Holdings>, to: Holder): Promise<void>;
  /** Makes uses of promotions count for another customer: all of one's, or those on some cards. */
  moveUses(
    businessId: BusinessId,
    from: { customerId: CustomerId; cardIds?: readonly CardId[] },
    to: CustomerId,
  ): Promise<void>;
  placeCards(businessId: BusinessId, places: readonly CardPlace[]): Promise<void>;
  /** Says who carries on for some customers; null for nobody. */
  placeCustomers(
    businessId: BusinessId,
    ids: readonly CustomerId[],
    mergedInto: CustomerId | null,
  ): Promise<void>;
  record(businessId: BusinessId, merge: Merge): Promise<void>;
  close(businessId: BusinessId, id: TransactionId, at: Instant): Promise<void>;
}
