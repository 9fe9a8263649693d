import type { Completion, Contribution, OfferFeeding, OfferInstance, OfferStep } from './offer.ts';

/**
 * Brings purchases to the offers whose windows they fall into: every offer gets all of them. One
 * that an offer has already is replaced, so that the same purchase twice, or in any order, leads to
 * the same completions; a smaller amount is how a refund is told.
 * @returns offers that something came to; those whose windows hold none of the purchases are left out
 */
export function feedOffers(
  instances: readonly OfferInstance[],
  contributions: readonly Contribution[],
): OfferFeeding[] {
  return instances.flatMap((instance) => {
    const inside = contributions.filter(({ occurredAt }) => isOpenAt(instance, occurredAt));
    return inside.length === 0 ? [] : [feed(instance, inside)];
  });
}

/** Whether a purchase of this moment counts: both ends of the window are included. */
export function isOpenAt(
  window: Pick<OfferInstance, 'opensAt' | 'closesAt'>,
  at: Contribution['occurredAt'],
): boolean {
  return window.opensAt <= at && at <= window.closesAt;
}

/**
 * The first purchase, in the order in which they occurred, that completes the offer: with it the sum
 * reaches the threshold, or it alone is more than the threshold.
 */
export function completionOf({
  terms,
  contributions,
}: Pick<OfferInstance, 'terms' | 'contributions'>): Completion | null {
  let sum = 0;
  for (const { transactionId, occurredAt, amountMinor } of contributions.toSorted(byOccurrence)) {
    sum += amountMinor;
    const isComplete =
      terms.kind === 'accumulate'
        ? sum >= terms.thresholdMinor
        : amountMinor > terms.thresholdMinor;
    if (isComplete) return { transactionId, at: occurredAt };
  }
  return null;
}

/** How far an offer is: the sum so far, or the largest single purchase, in minor units. */
export function progressOf({
  terms,
  contributions,
}: Pick<OfferInstance, 'terms' | 'contributions'>): number {
  const amounts = contributions.map(({ amountMinor }) => amountMinor);
  if (terms.kind === 'single') return Math.max(0, ...amounts);
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

function feed(instance: OfferInstance, inside: readonly Contribution[]): OfferFeeding {
  const byTransaction = new Map(instance.contributions.map((c) => [c.transactionId, c]));
  const changed = inside.filter(
    (c) => byTransaction.get(c.transactionId)?.amountMinor !== c.amountMinor,
  );
  for (const contribution of changed) byTransaction.set(contribution.transactionId, contribution);
  const contributions = [...byTransaction.values()];
  const completion = completionOf({ terms: instance.terms, contributions });
  return {
    instance: { ...instance, contributions, completion },
    isNew: false,
    contributions: changed,
    step: changed.length === 0 ? { kind: 'unchanged' } : stepFrom(instance.completion, completion),
  };
}

function stepFrom(before: Completion | null, after: Completion | null): OfferStep {
  if (after === null)
    return before === null ? { kind: 'progress' } : { kind: 'withdrawn', from: before };
  if (before === null) return { kind: 'completed', completion: after };
  return before.transactionId === after.transactionId
    ? { kind: 'unchanged' }
    : { kind: 'moved', from: before, completion: after };
}

function byOccurrence(a: Contribution, b: Contribution): number {
  return a.occurredAt - b.occurredAt || compareText(a.reference, b.reference);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
