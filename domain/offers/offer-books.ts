import type { Receipt } from '../earning/purchase.ts';
import type { Card } from '../ledger/card.ts';
import type { RefundRequest } from '../refunds/remaining.ts';
import type {
  BusinessId,
  CustomerId,
  OfferId,
  OfferInstanceId,
  ProgramId,
  StoreId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { StandingAward } from './take-back-award.ts';
import type { Offer, OfferFeeding, OfferInstance } from './offer.ts';

/** Whom an offer is given to: by a card of theirs, or by id. */
export type ReceiverReference =
  { kind: 'cardCode'; value: string } | { kind: 'customerId'; value: CustomerId };

/** Offers as one command sees them, inside its transaction. */
export interface OfferBooks {
  findOffer(businessId: BusinessId, id: OfferId): Promise<Offer | undefined>;
  /** Who is meant; undefined for references that nobody has. */
  findReceivers(
    businessId: BusinessId,
    references: readonly ReceiverReference[],
  ): Promise<(CustomerId | undefined)[]>;
  /**
   * All cards of the customers with their open lots, locked; and customers without a card locked
   * themselves, so that no purchase of theirs is committed between a look at their purchases and
   * the opening of an offer.
   */
  lockReceivers(businessId: BusinessId, customerIds: readonly CustomerId[]): Promise<Card[]>;
  /** Instances that a sender opened under these ids of its own. */
  findGiven(
    businessId: BusinessId,
    integration: string,
    externalIds: readonly string[],
  ): Promise<GivenOffer[]>;
  /** Purchases of customers inside windows, both ends included; one list per window. */
  findPurchases(
    businessId: BusinessId,
    windows: readonly { customerId: CustomerId; from: Instant; to: Instant }[],
  ): Promise<PastPurchase[][]>;
  /** Offers that a sale fed. */
  findFedBy(businessId: BusinessId, saleId: TransactionId): Promise<OfferInstance[]>;
  /** What awards had given, as it is now. */
  findAwards(
    businessId: BusinessId,
    instances: readonly OfferInstance[],
  ): Promise<Map<TransactionId, StandingAward>>;
  /** Writes new cards, offers with their contributions, and facts; entries go into the books. */
  open(businessId: BusinessId, opened: OpenedOffers): Promise<void>;
}

/** An offer that was given under a sender's own id. */
export interface GivenOffer {
  externalId: string;
  instance: OfferInstance;
}

/** A purchase that was recorded before an offer was given. */
export interface PastPurchase {
  id: TransactionId;
  reference: string;
  occurredAt: Instant;
  storeId: StoreId;
  receipt: Receipt;
  /** Programs whose card was not active, so that the purchase brought nothing there. */
  blockedPrograms: readonly ProgramId[];
  refunds: readonly RefundRequest[];
}

export interface OpenedOffers {
  cards: readonly Card[];
  offers: readonly (OfferFeeding & { origin: OfferOrigin | null })[];
  /** Facts, one list an outbox row, each under an id of its own. */
  events: readonly { id: OfferInstanceId; events: readonly unknown[] }[];
}

/** Who gave an offer under which id. */
export interface OfferOrigin {
  integration: string;
  externalId: string;
}
