/** Test data for offers; see domain.ts for how builders are used. */
import type { Contribution, OfferInstance, OfferTerms } from '../../domain/offers/offer.ts';
import { HOUR_MS } from '../../domain/values/time.ts';
import { anId, NOON } from './domain.ts';

/** Spend 20 € within a week, get five points. */
export function offerTerms(over: Partial<OfferTerms> = {}): OfferTerms {
  return {
    name: 'Spend 20',
    kind: 'accumulate',
    thresholdMinor: 2_000,
    windowHours: 168,
    benefit: { kind: 'balance', amount: '5' },
    ...over,
  };
}

/** Received at noon. */
export function anOfferInstance(
  over: Partial<Omit<OfferInstance, 'terms'>> & { terms?: Partial<OfferTerms> } = {},
): OfferInstance {
  const terms = offerTerms(over.terms);
  const opensAt = over.opensAt ?? NOON;
  return {
    id: anId('ofi'),
    offerId: anId('ofr'),
    programId: anId('prg'),
    customerId: anId('cus'),
    cardId: anId('crd'),
    closesAt: opensAt + terms.windowHours * HOUR_MS,
    contributions: [],
    completion: null,
    awardId: null,
    awards: 0,
    version: 0,
    ...over,
    opensAt,
    terms,
  };
}

/** A purchase of 1 € so many hours after noon. */
export function aContribution(hour: number, over: Partial<Contribution> = {}): Contribution {
  return {
    transactionId: anId('txn', hour),
    occurredAt: NOON + hour * HOUR_MS,
    reference: `till-1/${hour}`,
    amountMinor: 100,
    ...over,
  };
}
