import { describe, expect, test } from '@jest/globals';
import {
  aBusiness,
  aCard,
  aLot,
  anId,
  aPointProgram,
  aStore,
  at,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { aClaim, aClaimState, aRewardDefinition, points } from '../../tests/builders/rewards.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import { DAY_MS } from '../values/time.ts';
import { type ClaimReward, type ClaimState, decideClaim, isOnOffer } from './claim.ts';
import type { RewardTerms } from './definition.ts';

const decide = (claim: Partial<ClaimReward>, state: Partial<ClaimState>) =>
  decideClaim(aClaim(claim), aClaimState(state), deterministicIds());
const codeOf = (claim: Partial<ClaimReward>, state: Partial<ClaimState>) => {
  const decision = decide(claim, state);
  return decision.kind === 'refused' ? decision.code : decision.kind;
};
const offering = (terms: Partial<RewardTerms>) => ({ definition: aRewardDefinition(terms) });

describe('a claim', () => {
  test('spends its cost from the lots that expire first and remembers which', () => {
    const lots = [
      aLot({ n: 1, remaining: points(5), expiresAt: NOON + 9 * DAY_MS }),
      aLot({ n: 2, remaining: points(10), expiresAt: NOON + DAY_MS }),
    ];
    const decision = decide({}, { card: aCard({ balance: points(15), lots, sequence: 4 }) });
    if (decision.kind !== 'claimed') throw new Error(decision.code);
    const { reward, change } = decision;
    const funding = [{ lotId: anId('lot', 2), amount: points(10) }];
    expect(reward).toMatchObject({ cost: points(10), funding, issuedAt: NOON, name: 'Coffee' });
    expect(change.postings).toEqual([
      {
        cardId: anId('crd'),
        from: 'card',
        to: 'redeemed',
        amount: points(10),
        draws: funding,
        rewardId: reward.id,
      },
    ]);
    expect(change.card).toMatchObject({ balance: points(5), sequence: 6, lots: [lots[0]] });
    expect(isBalanced(change)).toBe(true);
  });

  test('of a coupon moves no points', () => {
    const terms = { cost: '0', couponCodes: ['SPRING'] };
    const decision = decide({ couponCode: 'SPRING' }, { ...offering(terms), card: aCard() });
    if (decision.kind !== 'claimed') throw new Error(decision.code);
    expect(decision.reward).toMatchObject({ cost: 0, funding: [], couponCode: 'SPRING' });
    expect(decision.change).toMatchObject({ postings: [], draws: [], card: { sequence: 1 } });
  });

  test('takes from a stock only where there is one', () => {
    expect(decide({}, {})).toMatchObject({ takesFromStock: false });
    expect(decide({}, offering({ stock: 1 }))).toMatchObject({ takesFromStock: true });
  });
});

describe('a claim is refused, each at its boundary', () => {
  test('when the last of a stock is gone', () => {
    const left = (stockLeft: number) => ({
      definition: aRewardDefinition({ stock: 5 }, { stockLeft }),
    });
    expect([codeOf({}, left(1)), codeOf({}, left(0))]).toEqual(['claimed', 'out-of-stock']);
  });

  test('when the customer has had as many as anyone may', () => {
    const limited = offering({ limitPerCustomer: 2 });
    expect(codeOf({}, { ...limited, taken: 1 })).toBe('claimed');
    expect(codeOf({}, { ...limited, taken: 2 })).toBe('reward-limit-reached');
  });

  test('a millipoint short, and on what has expired by then', () => {
    const holding = (balance: number) => ({ card: aCard({ balance }) });
    expect(codeOf({}, holding(points(10)))).toBe('claimed');
    expect(codeOf({}, holding(points(10) - 1))).toBe('insufficient-balance');
    const lots = [aLot({ remaining: points(10), expiresAt: NOON + 1 })];
    const card = aCard({ balance: points(10), lots });
    expect(codeOf({ occurredAt: NOON }, { card })).toBe('claimed');
    expect(codeOf({ occurredAt: NOON + 1 }, { card })).toBe('insufficient-balance');
  });

  test('on the day after its season, judged when it occurred', () => {
    const state = offering({ season: { to: '2026-03-04' } });
    const lastDay = { occurredAt: at('2026-03-04T23:59:59.999Z'), receivedAt: NOON + 2 * DAY_MS };
    expect(codeOf(lastDay, state)).toBe('claimed');
    const after = { occurredAt: at('2026-03-05T00:00:00Z'), receivedAt: NOON + 2 * DAY_MS };
    expect(codeOf(after, state)).toBe('out-of-season');
  });

  test('without one of its coupons, and with one where none is asked for', () => {
    const state = offering({ couponCodes: ['A', 'B'] });
    expect(codeOf({ couponCode: 'B' }, state)).toBe('claimed');
    expect(codeOf({ couponCode: 'C' }, state)).toBe('unknown-coupon');
    expect(codeOf({}, state)).toBe('unknown-coupon');
    expect(codeOf({ couponCode: 'A' }, {})).toBe('unknown-coupon');
  });

  test('without one of its tags', () => {
    const state = offering({ customerTags: ['vip', 'staff'] });
    expect(codeOf({}, { ...state, tags: ['new', 'vip'] })).toBe('claimed');
    expect(codeOf({}, { ...state, tags: ['new'] })).toBe('not-in-audience');
  });

  test('in a store that it is not for, or that is not in the program', () => {
    const here = aStore();
    const there = aStore({ id: anId('sto', 2) });
    const limited = offering({ storeIds: [here.id] });
    expect(codeOf({ store: here }, limited)).toBe('claimed');
    expect(codeOf({ store: there }, limited)).toBe('wrong-store');
    expect(codeOf({ store: there }, {})).toBe('claimed');
    const otherBrand = aStore({ brandId: anId('brd', 2) });
    expect(codeOf({ store: otherBrand }, {})).toBe('wrong-store');
  });

  test('too late or too early to be taken', () => {
    const business = aBusiness({ acceptPastDays: 30, acceptFutureMinutes: 5 });
    const late = { receivedAt: NOON + 30 * DAY_MS + 1 };
    expect(codeOf(late, { business })).toBe('occurred-too-long-ago');
    expect(codeOf({ receivedAt: NOON - 300_001 }, { business })).toBe('occurred-in-future');
  });
});

test('the first refusal in the documented order is given, whatever else is wrong', () => {
  const elsewhere = aStore({ brandId: anId('brd', 2) });
  const everythingWrong: Partial<ClaimState> = {
    card: aCard({ status: 'closed' }),
    definition: aRewardDefinition(
      {
        season: { to: '2026-01-01' },
        couponCodes: ['A'],
        customerTags: ['vip'],
        limitPerCustomer: 1,
        stock: 1,
      },
      { status: 'paused', stockLeft: 0 },
    ),
    taken: 1,
  };
  let claim: Partial<ClaimReward> = { store: undefined, receivedAt: NOON - DAY_MS };
  let state = everythingWrong;
  const seen: string[] = [];
  const mend = (better: { claim?: Partial<ClaimReward>; state?: Partial<ClaimState> }) => {
    seen.push(codeOf(claim, state));
    claim = { ...claim, ...better.claim };
    state = { ...state, ...better.state };
  };
  const terms = (
    over: Partial<RewardTerms>,
    stockLeft = 0,
    status: 'live' | 'paused' = 'live',
  ) => ({
    definition: aRewardDefinition(
      { ...everythingWrong.definition?.terms, ...over },
      { status, stockLeft },
    ),
  });
  mend({ state: { card: aCard({ status: 'blocked' }) } });
  mend({ state: { card: aCard() } });
  mend({ claim: { store: elsewhere } });
  mend({ claim: { receivedAt: NOON + 99 * DAY_MS } });
  mend({ claim: { receivedAt: NOON } });
  mend({ state: terms({}) });
  mend({ state: terms({ season: undefined }) });
  mend({ claim: { couponCode: 'A' } });
  mend({ state: { tags: ['vip'] } });
  mend({ claim: { store: aStore() } });
  mend({ state: { taken: 0 } });
  mend({ state: terms({ season: undefined }, 1) });
  mend({ state: { card: aCard({ balance: points(10) }) } });
  mend({});
  expect(seen).toEqual([
    'card-closed',
    'card-blocked',
    'unknown-store',
    'occurred-in-future',
    'occurred-too-long-ago',
    'reward-not-live',
    'out-of-season',
    'unknown-coupon',
    'not-in-audience',
    'wrong-store',
    'reward-limit-reached',
    'out-of-stock',
    'insufficient-balance',
    'claimed',
  ]);
  expect(codeOf({}, { definition: undefined })).toBe('unknown-reward-definition');
});

test('what is offered at the counter is what could be claimed there, the price aside', () => {
  const times = { occurredAt: NOON, receivedAt: NOON };
  const on = (terms: Partial<RewardTerms>, over: Partial<ClaimState> = {}) => {
    const { definition, ...state } = aClaimState({ ...offering(terms), ...over });
    return isOnOffer(times, { ...state, definition: definition ?? aRewardDefinition() });
  };
  expect(on({ cost: '9999' })).toBe(true);
  expect(on({ couponCodes: ['A'] })).toBe(true);
  expect(on({ customerTags: ['vip'] })).toBe(false);
  expect(on({ season: { from: '2027-01-01' } })).toBe(false);
  expect(on({}, { card: aCard({ status: 'blocked' }) })).toBe(false);
  expect(on({}, { program: aPointProgram() })).toBe(true);
});
