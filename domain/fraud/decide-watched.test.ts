import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  anId,
  aPointProgram,
  aPurchaseState,
  aRecordPurchase,
  aStampProgram,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { MINUTE_MS } from '../values/time.ts';
import { decideWatched } from './decide-watched.ts';
import type { FraudRules } from './rules.ts';
import { type LoadedSightings, type Sighting, SightingsSoFar, watchedKey } from './sightings.ts';

const [business, customer, store] = [anId('biz'), anId('cus'), anId('sto')];
const sighting = (minutesAgo = 0): Sighting => ({
  businessId: business,
  customerId: customer,
  staffId: null,
  storeId: store,
  occurredAt: NOON - minutesAgo * MINUTE_MS,
});

/** Two programs at one store, of which the first watches. */
function decide(fraud: FraudRules, seen: SightingsSoFar | undefined) {
  const programs = [
    aStampProgram({}, { id: anId('prg', 1), fraud }),
    aPointProgram({}, { id: anId('prg', 2) }),
  ];
  const state = aPurchaseState({
    programs,
    customer: {
      kind: 'known',
      id: customer,
      cards: programs.map(({ id }, i) => aCard({ id: anId('crd', i + 1), programId: id })),
    },
  });
  const watch = { seen, sighting: sighting(), ordinal: 0 };
  return decideWatched(aRecordPurchase({ occurredAt: NOON }), state, watch, deterministicIds());
}

const VELOCITY = { count: 2, withinMinutes: 10 };
const loaded = (over: Partial<LoadedSightings>): LoadedSightings => ({
  times: new Map(),
  usual: new Map(),
  ownCards: new Set(),
  ...over,
});
const seenBefore = () =>
  loaded({ times: new Map([[watchedKey(business, customer), [NOON - 1, NOON - 2]]]) });

describe('a watched sale', () => {
  test('that nobody suspects gives what it gives', () => {
    const rules: FraudRules = { cardVelocity: { action: 'hold', ...VELOCITY } };
    const { decided, approvalId, flagged } = decide(rules, new SightingsSoFar(loaded({})));
    expect(approvalId).toBeNull();
    expect(flagged.size).toBe(0);
    expect(decided).toMatchObject({ cards: [{ earned: expect.any(Number) }, {}] });
  });

  test('that is held is held whole, and moves nothing', () => {
    const rules: FraudRules = { cardVelocity: { action: 'hold', ...VELOCITY } };
    const { decided, approvalId } = decide(rules, new SightingsSoFar(seenBefore()));
    expect(approvalId).not.toBeNull();
    expect(decided).toMatchObject({
      notes: ['held-for-approval'],
      cards: [1, 2].map(() => ({
        earned: 0,
        postings: [],
        held: { approvalId, wouldEarn: expect.any(Number), suspicions: [{ rule: 'cardVelocity' }] },
      })),
    });
  });

  test('that is flagged gives what it gives, and is told of', () => {
    const rules: FraudRules = { cardVelocity: { action: 'flag', ...VELOCITY } };
    const { decided, approvalId, flagged } = decide(rules, new SightingsSoFar(seenBefore()));
    expect(approvalId).toBeNull();
    expect([...flagged.keys()]).toEqual([anId('prg', 1)]);
    expect(decided).not.toMatchObject({ cards: [{ earned: 0 }, {}] });
  });

  test('sees the sales of its own batch as if they had been committed', () => {
    const rules: FraudRules = { cardVelocity: { action: 'hold', ...VELOCITY } };
    const seen = new SightingsSoFar(loaded({}));
    seen.see(sighting(1));
    expect(decide(rules, seen).approvalId).toBeNull();
    seen.see(sighting(2));
    expect(decide(rules, seen).approvalId).not.toBeNull();
  });

  test('on the card of whoever rang it up earns nothing, and is told of, whatever is watched', () => {
    const seen = new SightingsSoFar(loaded({ ownCards: new Set([0]) }));
    const { decided, approvalId, flagged } = decide({}, seen);
    expect(approvalId).toBeNull();
    expect([...flagged.values()].flat()).toMatchObject([{ rule: 'ownCard', action: 'flag' }]);
    expect(decided).toMatchObject({
      cards: [1, 2].map(() => ({ earned: 0, explanation: [{ code: 'self-award' }] })),
    });
  });

  test('that somebody has looked at already is not looked at again', () => {
    const rules: FraudRules = { outlier: { action: 'hold', aboveMinor: 1 } };
    expect(decide(rules, new SightingsSoFar(undefined)).approvalId).not.toBeNull();
    expect(decide(rules, undefined).approvalId).toBeNull();
  });
});
