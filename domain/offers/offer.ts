import type { Card } from '../ledger/card.ts';
import type { Benefit } from '../programs/program.ts';
import type {
  CardId,
  CustomerId,
  OfferId,
  OfferInstanceId,
  ProgramId,
  RewardDefinitionId,
  TransactionId,
} from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** A challenge of a program, as a business offers it to customers. */
export interface Offer {
  id: OfferId;
  programId: ProgramId;
  terms: OfferTerms;
  status: 'draft' | 'live' | 'ended';
  /** From when on it cannot be given any more; what was given before runs on. */
  endedAt: Instant | null;
}

/** What a customer must do, and what for. */
export interface OfferTerms {
  name: string;
  /** `accumulate`: purchases add up to the threshold. `single`: one purchase exceeds it. */
  kind: 'accumulate' | 'single';
  /** Minor units of the program's currency. */
  thresholdMinor: number;
  /** How long it stays open after it was received. */
  windowHours: number;
  benefit: OfferBenefit;
}

/** What completing it gives: an amount of the program's unit as a decimal string, or a reward. */
export type OfferBenefit =
  | { kind: 'balance'; amount: string }
  | {
      kind: 'reward';
      definitionId: RewardDefinitionId;
      name: string;
      benefit: Benefit;
      /** Days until the issued reward expires; `null` means never. */
      validForDays: number | null;
    };

/**
 * An offer that a customer received. Each receiving opens one of its own, even of the same offer
 * while another is open, under the terms of that moment.
 */
export interface OfferInstance {
  id: OfferInstanceId;
  offerId: OfferId;
  programId: ProgramId;
  customerId: CustomerId;
  cardId: CardId;
  terms: OfferTerms;
  /** Purchases from here on count… */
  opensAt: Instant;
  /** …up to and including here. */
  closesAt: Instant;
  /** What each purchase inside the window brought, in no order. */
  contributions: readonly Contribution[];
  /** Where it is complete; null while it is not. */
  completion: Completion | null;
  /** The transaction that gave the benefit, while that stands. */
  awardId: TransactionId | null;
  /** How often it was given: more than once only where a refund had taken it back. */
  awards: number;
  /** Raised by every write. */
  version: number;
}

/** What one purchase brings to an offer. */
export interface Contribution {
  transactionId: TransactionId;
  occurredAt: Instant;
  /**
   * Orders purchases of one instant: the till's own id of the sale, because ours tell the order of
   * arrival and the answer must not depend on it.
   */
  reference: string;
  /** Minor units that were bought, less what was refunded; ≥ 0. */
  amountMinor: number;
}

/** The purchase that completed an offer. */
export interface Completion {
  transactionId: TransactionId;
  at: Instant;
}

/** What a change of its purchases did to an offer. */
export type OfferStep =
  | { kind: 'unchanged' }
  | { kind: 'progress' }
  | { kind: 'completed'; completion: Completion }
  /** It was complete already, and is so by another purchase now. The benefit stands. */
  | { kind: 'moved'; from: Completion; completion: Completion }
  /** It was complete and is no more. */
  | { kind: 'withdrawn'; from: Completion };

/** An offer after purchases of its window came, shrank or went. */
export interface OfferFeeding {
  /** As it is afterwards, its award included. */
  instance: OfferInstance;
  /** Whether it was opened just now. */
  isNew: boolean;
  /** Contributions that are new or other than before. */
  contributions: readonly Contribution[];
  step: OfferStep;
}

/** What a sale did to the offers of one card's program, and the card after what they gave. */
export interface OffersOnCard {
  card: Card;
  notes: readonly OfferNote[];
}

/** One offer as the answer to a sale names it. */
export interface OfferNote {
  instanceId: OfferInstanceId;
  offerId: OfferId;
  name: string;
  step: 'progress' | 'completed' | 'moved';
  /** The transaction that gave the benefit; null unless it was given just now. */
  awardId: TransactionId | null;
}
