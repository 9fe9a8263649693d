import type { OfferBenefit } from '../../domain/offers/offer.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import type { Unit } from '../../domain/values/units.ts';
import type { OfferTermsBody } from '../../queues/offer-terms.ts';

type BenefitBody = OfferTermsBody['benefit'];

/** Whether the unit can hold what a benefit gives: stamps are whole. */
export function isWhole(benefit: BenefitBody, unit: Unit): boolean {
  return benefit.kind === 'reward' || unit === 'point' || !benefit.amount.includes('.');
}

/** A benefit as it is kept: a reward has an id of its own, and keeps it through changes. */
export function withDefinition(
  benefit: BenefitBody,
  before: OfferBenefit | null,
  ids: IdSource,
): OfferBenefit {
  if (benefit.kind === 'balance') return benefit;
  const definitionId = before?.kind === 'reward' ? before.definitionId : ids.id('rdf');
  return { ...benefit, definitionId };
}
