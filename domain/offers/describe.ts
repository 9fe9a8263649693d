import { type ExplanationStep, step } from '../earning/explanation.ts';
import type { Program } from '../programs/program.ts';
import { formatMoney } from '../values/money.ts';
import { describeAmount, toLedgerUnits } from '../values/units.ts';
import { progressOf } from './feed-offers.ts';
import type { OfferFeeding, OfferInstance } from './offer.ts';

/** What became of an offer, for the shopkeeper. */
export function describeStep(
  { instance, step: what }: OfferFeeding,
  program: Program,
): ExplanationStep {
  const { name } = instance.terms;
  switch (what.kind) {
    case 'completed':
      return step('offer-completed', `${name} completed: ${describeBenefit(instance, program)}`);
    case 'moved': {
      const text = `${name} was completed already; by the order of sales, another one completed it`;
      return step('offer-moved', text);
    }
    case 'withdrawn':
      return step('offer-withdrawn', `${name} is not completed any more`);
    case 'progress':
    case 'unchanged':
      return step('offer-progress', `${describeOfferProgress(instance, program.currency)} ${name}`);
    default:
      return what satisfies never;
  }
}

/** `5.00 EUR of 20.00 EUR towards`, or what one purchase must be. */
function describeOfferProgress(instance: OfferInstance, currency: string): string {
  const { kind, thresholdMinor } = instance.terms;
  const money = (amount: number) => formatMoney({ amount, currency });
  return kind === 'accumulate'
    ? `${money(progressOf(instance))} of ${money(thresholdMinor)} towards`
    : `One purchase of more than ${money(thresholdMinor)} is needed for`;
}

/** What an offer gives, in words. */
export function describeBenefit({ terms: { benefit } }: OfferInstance, program: Program): string {
  if (benefit.kind === 'reward') return benefit.name;
  return describeAmount(toLedgerUnits(benefit.amount, program.unit), program.unit);
}
