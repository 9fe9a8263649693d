import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { anId, NOON } from '../../tests/builders/domain.ts';
import { anOfferInstance, aContribution } from '../../tests/builders/offers.ts';
import { HOUR_MS } from '../values/time.ts';
import { completionOf, feedOffers, progressOf } from './feed-offers.ts';
import type { Contribution, OfferInstance } from './offer.ts';

const single = { kind: 'single', thresholdMinor: 1_000 } as const;
const accumulate = { kind: 'accumulate', thresholdMinor: 1_000 } as const;

/** The hour of the completing purchase, counted from when the offer was received. */
function completedAt(terms: Partial<OfferInstance['terms']>, amounts: readonly number[]) {
  const contributions = amounts.map((amountMinor, i) => aContribution(i + 1, { amountMinor }));
  const { terms: full } = anOfferInstance({ terms });
  const completion = completionOf({ terms: full, contributions });
  return completion && (completion.at - NOON) / HOUR_MS;
}

describe('an accumulating offer', () => {
  test('is complete when the sum reaches the threshold, not a cent before', () => {
    expect(completedAt(accumulate, [400, 599])).toBeNull();
    expect(completedAt(accumulate, [400, 600])).toBe(2);
    expect(completedAt(accumulate, [400, 601, 1])).toBe(2);
  });
});

describe('a single-purchase offer', () => {
  test('is complete with one purchase above the threshold, neither by one at it nor by several', () => {
    expect(completedAt(single, [1_000, 999, 1_000])).toBeNull();
    expect(completedAt(single, [1_000, 1_001])).toBe(2);
  });
});

describe('the window', () => {
  const offer = anOfferInstance({ terms: { ...accumulate, windowHours: 2 } });
  const fedAt = (at: number) => feedOffers([offer], [aContribution(1, { occurredAt: at })]);

  test('counts a purchase at its first and at its last millisecond', () => {
    expect(fedAt(offer.opensAt)).toHaveLength(1);
    expect(fedAt(offer.closesAt)).toHaveLength(1);
  });

  test('leaves out a purchase a millisecond before and after', () => {
    expect(fedAt(offer.opensAt - 1)).toEqual([]);
    expect(fedAt(offer.closesAt + 1)).toEqual([]);
  });
});

describe('a purchase', () => {
  test('feeds every open offer, also two of the same kind', () => {
    const offers = [1, 2, 3].map((n) => anOfferInstance({ id: anId('ofi', n), terms: accumulate }));
    const fed = feedOffers(offers, [aContribution(1, { amountMinor: 1_000 })]);
    expect(fed.map(({ step }) => step.kind)).toEqual(['completed', 'completed', 'completed']);
  });

  test('that comes twice changes nothing the second time', () => {
    const contribution = aContribution(1, { amountMinor: 600 });
    const [once] = feedOffers([anOfferInstance({ terms: accumulate })], [contribution]);
    const [twice] = feedOffers([once!.instance], [contribution]);
    expect(twice).toMatchObject({ step: { kind: 'unchanged' }, contributions: [] });
    expect(progressOf(twice!.instance)).toBe(600);
  });

  test('that comes late moves the completion to where it belongs', () => {
    const offer = anOfferInstance({ terms: accumulate });
    const [done] = feedOffers([offer], [aContribution(5, { amountMinor: 1_000 })]);
    const [moved] = feedOffers([done!.instance], [aContribution(2, { amountMinor: 1_000 })]);
    expect(moved?.step).toMatchObject({ kind: 'moved', from: { transactionId: anId('txn', 5) } });
    expect(moved?.instance.completion?.transactionId).toBe(anId('txn', 2));
  });

  test('that is refunded hands the completion on, or withdraws it', () => {
    const offer = anOfferInstance({ terms: single });
    const both = [1, 2].map((n) => aContribution(n, { amountMinor: 1_001 }));
    const [done] = feedOffers([offer], both);
    const [later] = feedOffers([done!.instance], [aContribution(1, { amountMinor: 1_000 })]);
    expect(later?.instance.completion?.transactionId).toBe(anId('txn', 2));
    const [gone] = feedOffers([later!.instance], [aContribution(2, { amountMinor: 0 })]);
    expect(gone).toMatchObject({ step: { kind: 'withdrawn' }, instance: { completion: null } });
  });

  test('of the same instant is ordered by the till’s own id, whichever arrives first', () => {
    const twins = ['b', 'a'].map((reference, i) =>
      aContribution(1, { transactionId: anId('txn', i), reference, amountMinor: 600 }),
    );
    for (const order of [twins, twins.toReversed()]) {
      const [fed] = feedOffers([anOfferInstance({ terms: accumulate })], order);
      expect(fed?.instance.completion?.transactionId).toBe(anId('txn', 0));
    }
  });
});

test('receives and purchases in any order, any of them twice, lead to the same completions', () => {
  const amount = fc.integer({ min: 1, max: 900 });
  const purchase = fc.record({ hour: fc.nat(20), amount });
  const received = fc.record({
    hour: fc.nat(20),
    windowHours: fc.integer({ min: 1, max: 10 }),
    kind: fc.constantFrom('accumulate' as const, 'single' as const),
    thresholdMinor: fc.integer({ min: 1, max: 1_500 }),
  });
  fc.assert(
    fc.property(
      fc.array(purchase, { maxLength: 12 }),
      fc.array(received, { maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (purchases, receives, random) => {
        const contributions = purchases.map(({ hour, amount: amountMinor }, i) =>
          aContribution(hour, {
            transactionId: anId('txn', i),
            reference: String(i).padStart(2, '0'),
            amountMinor,
          }),
        );
        const offers = receives.map(({ hour, ...terms }, i) =>
          anOfferInstance({ id: anId('ofi', i), opensAt: NOON + hour * HOUR_MS, terms }),
        );
        const events = [...contributions, ...contributions, ...offers, ...offers];
        const shuffled = events
          .map((event) => ({ event, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        const expected = feedOffers(offers, contributions).map(summary);
        expect(play(shuffled).filter(isFed).map(summary).sort()).toEqual(expected.sort());
      },
    ),
  );
});

/** Purchases feed the offers that are open; an offer that is given takes what came before it. */
function play(events: readonly (Contribution | OfferInstance)[]): { instance: OfferInstance }[] {
  const offers = new Map<string, OfferInstance>();
  const known = new Map<string, Contribution>();
  for (const event of events) {
    if ('terms' in event) {
      if (offers.has(event.id)) continue;
      const [fed] = feedOffers([event], [...known.values()]);
      offers.set(event.id, fed?.instance ?? event);
      continue;
    }
    known.set(event.transactionId, event);
    for (const { instance } of feedOffers([...offers.values()], [event])) {
      offers.set(instance.id, instance);
    }
  }
  return [...offers.values()].map((instance) => ({ instance }));
}

const isFed = ({ instance }: { instance: OfferInstance }) => instance.contributions.length > 0;

const summary = ({ instance }: { instance: OfferInstance }) =>
  `${instance.id} ${instance.completion?.transactionId} ${progressOf(instance)}`;
