import type { BusinessConfig } from '../earning/decide-purchase.ts';
import type { Card } from '../ledger/card.ts';
import { type Program, versionAt } from '../programs/program.ts';
import { acceptOccurredAt } from '../tenancy/business.ts';
import type { CustomerId, IdSource } from '../values/ids.ts';
import { HOUR_MS, type Instant } from '../values/time.ts';
import { awardOffer, isAwardDue, type OfferAward } from './award.ts';
import { contributionMinor } from './contribution.ts';
import { feedOffers } from './feed-offers.ts';
import type { PastPurchase } from './offer-books.ts';
import type { Contribution, Offer, OfferFeeding, OfferInstance } from './offer.ts';

/** Refusals, in order of precedence. */
export type GiveRefusal =
  | 'occurred-in-future'
  | 'occurred-too-long-ago'
  | 'offer-not-live'
  | 'offer-ended'
  | 'program-not-begun'
  | 'card-blocked'
  | 'card-closed';

/** An offer being received: by whom, when, and what they had bought inside its window. */
export interface Receiving {
  customerId: CustomerId;
  receivedAt: Instant;
  /** When we heard of it. */
  heardAt: Instant;
  purchases: readonly PastPurchase[];
}

export interface GiveState {
  config: BusinessConfig;
  offer: Offer;
  program: Program;
  /** The customer's card in the program, as it is now. */
  card: Card | undefined;
}

export type GiveDecision =
  { kind: 'given'; given: OpenedOffer } | { kind: 'refused'; code: GiveRefusal };

export interface OpenedOffer {
  feeding: OfferFeeding;
  /** The card before the award. */
  card: Card;
  isNewCard: boolean;
  award: OfferAward | null;
}

/** The window of an offer received at a moment; both ends are included. */
export function windowOf(
  offer: Pick<Offer, 'terms'>,
  receivedAt: Instant,
): Pick<OfferInstance, 'opensAt' | 'closesAt'> {
  return { opensAt: receivedAt, closesAt: receivedAt + offer.terms.windowHours * HOUR_MS };
}

/**
 * Opens an offer for a customer under its present terms, with all they have bought inside its window
 * so far, and gives the benefit if that completes it already: messages arrive in any order.
 */
export function giveOffer(receiving: Receiving, state: GiveState, ids: IdSource): GiveDecision {
  const code = refusal(receiving, state);
  if (code) return { kind: 'refused', code };
  const { offer, program } = state;
  const card = state.card ?? openCard(receiving, program, ids);
  const opened: OfferInstance = {
    id: ids.id('ofi'),
    offerId: offer.id,
    programId: program.id,
    customerId: receiving.customerId,
    cardId: card.id,
    terms: offer.terms,
    ...windowOf(offer, receiving.receivedAt),
    contributions: [],
    completion: null,
    awardId: null,
    awards: 0,
    version: 0,
  };
  const [fed] = feedOffers([opened], contributionsOf(receiving, state));
  const feeding: OfferFeeding = {
    ...(fed ?? { instance: opened, contributions: [], step: { kind: 'unchanged' } }),
    isNew: true,
  };
  const award = isAwardDue(feeding.instance, card)
    ? awardOffer({ instance: feeding.instance, card, program }, ids)
    : null;
  const instance = award?.instance ?? feeding.instance;
  return {
    kind: 'given',
    given: { feeding: { ...feeding, instance }, card, isNewCard: !state.card, award },
  };
}

function refusal(
  { receivedAt, heardAt }: Receiving,
  { config, offer, program, card }: GiveState,
): GiveRefusal | undefined {
  const times = { occurredAt: receivedAt, receivedAt: heardAt };
  const acceptance = acceptOccurredAt(config.business, times);
  if (acceptance === 'in-future') return 'occurred-in-future';
  if (acceptance === 'too-old') return 'occurred-too-long-ago';
  if (offer.status === 'draft') return 'offer-not-live';
  // By event time: what was received before the end may be told after it.
  if (offer.endedAt !== null && receivedAt > offer.endedAt) return 'offer-ended';
  if (!card && !versionAt(program, receivedAt)) return 'program-not-begun';
  if (card?.status === 'blocked') return 'card-blocked';
  return card && card.status !== 'active' ? 'card-closed' : undefined;
}

function contributionsOf({ purchases }: Receiving, { config, program }: GiveState): Contribution[] {
  return purchases.flatMap((purchase) => {
    const store = config.stores.find(({ id }) => id === purchase.storeId);
    if (!store) return [];
    const { id, reference, occurredAt, receipt, refunds } = purchase;
    const cardStatus = purchase.blockedPrograms.includes(program.id) ? 'blocked' : 'active';
    const sale = { receipt, store, occurredAt, cardStatus, refunds } as const;
    const amountMinor = contributionMinor(program, sale);
    return amountMinor > 0 ? [{ transactionId: id, reference, occurredAt, amountMinor }] : [];
  });
}

function openCard({ customerId, receivedAt }: Receiving, program: Program, ids: IdSource): Card {
  return {
    id: ids.id('crd'),
    programId: program.id,
    customerId,
    code: ids.code(),
    status: 'active',
    balance: 0,
    debt: 0,
    // It opens with an event.
    sequence: 1,
    versionNumber: versionAt(program, receivedAt)?.number ?? 1,
    activeUntil: null,
    lots: [],
  };
}
