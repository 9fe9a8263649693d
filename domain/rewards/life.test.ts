import { describe, expect, test } from '@jest/globals';
import { aCard, anId, aStore, at, deterministicIds, NOON } from '../../tests/builders/domain.ts';
import { aHeldReward, aRewardContext, aVisit, points } from '../../tests/builders/rewards.ts';
import {
  cancelReservation,
  expireReward,
  redeemReward,
  releaseReservation,
  RESERVATION_MS,
  type RewardDecision,
  reserveReward,
} from './life.ts';
import { presentReward } from './present.ts';
import { restoreReward, whyNotReversible } from './restore.ts';
import type { HeldReward } from './reward.ts';

const transactionId = anId('txn');
const redeem = (reward: Partial<HeldReward>, visit = aVisit(), over = {}) =>
  codeOf(redeemReward(aRewardContext(reward, over), { ...visit, transactionId }));
const codeOf = (decision: RewardDecision) =>
  decision.kind === 'refused' ? decision.code : decision.change.status;

const otherTill = aVisit({ by: 'integration:kiosk' });
const held = (over: Partial<HeldReward> = {}): Partial<HeldReward> => ({
  status: 'reserved',
  reservation: { by: 'integration:pos', storeId: aStore().id, until: NOON + RESERVATION_MS },
  ...over,
});
const redeemed: Partial<HeldReward> = {
  status: 'redeemed',
  redemption: { by: 'integration:pos', storeId: null, at: NOON, transactionId },
};

describe('a reservation', () => {
  test('keeps others away for ten minutes, to the millisecond', () => {
    const later = (ms: number) => ({ ...otherTill, at: NOON + ms });
    expect(redeem(held(), later(RESERVATION_MS - 1))).toBe('reward-reserved');
    expect(redeem(held(), later(RESERVATION_MS))).toBe('redeemed');
  });

  test('is its holder’s to redeem, to begin anew and to cancel, and nobody else’s', () => {
    expect(redeem(held())).toBe('redeemed');
    const visit = aVisit({ at: NOON + 60_000 });
    const renewed = reserveReward(aRewardContext(held()), visit);
    expect(renewed).toMatchObject({
      change: { status: 'reserved', reservation: { until: NOON + 60_000 + RESERVATION_MS } },
    });
    expect(codeOf(reserveReward(aRewardContext(held()), otherTill))).toBe('reward-reserved');
    expect(codeOf(cancelReservation(aHeldReward(held()), otherTill))).toBe('reward-reserved');
    expect(codeOf(cancelReservation(aHeldReward(held()), aVisit()))).toBe('available');
  });

  test('in another store of the same till system is somebody else’s', () => {
    const elsewhere = aVisit({ store: aStore({ id: anId('sto', 2) }) });
    expect(redeem(held(), elsewhere)).toBe('reward-reserved');
  });

  test('made by the customer is for whichever till they go to', () => {
    const reservation = { by: 'customer:cus_1', storeId: null, until: NOON + 1 };
    expect(redeem(held({ reservation }), otherTill)).toBe('redeemed');
  });

  test('that timed out cannot be cancelled, and is released by a sweep', () => {
    const late = NOON + RESERVATION_MS;
    const visit = aVisit({ at: late });
    expect(codeOf(cancelReservation(aHeldReward(held()), visit))).toBe('reward-not-reserved');
    expect(codeOf(cancelReservation(aHeldReward(), aVisit()))).toBe('reward-not-reserved');
    expect(releaseReservation(aHeldReward(held()), late - 1)).toBeUndefined();
    expect(releaseReservation(aHeldReward(held()), late)).toMatchObject({ status: 'available' });
    expect(releaseReservation(aHeldReward(), late)).toBeUndefined();
  });
});

describe('an expiry', () => {
  test('counts from its very millisecond, swept or not', () => {
    const expiresAt = NOON + 1;
    expect(redeem({ expiresAt })).toBe('redeemed');
    expect(redeem({ expiresAt }, aVisit({ at: NOON + 1 }))).toBe('reward-expired');
    expect(redeem({ status: 'expired', expiresAt })).toBe('reward-expired');
    expect(expireReward(aHeldReward({ expiresAt }), NOON)).toBeUndefined();
    expect(expireReward(aHeldReward({ expiresAt }), NOON + 1)).toMatchObject({ status: 'expired' });
    expect(presentReward(aHeldReward({ expiresAt }), aProgram, NOON + 1).status).toBe('expired');
  });

  test('waits for a reservation that was made in time', () => {
    const reward = held({ expiresAt: NOON + 1 });
    const scanned = aVisit({ at: NOON + RESERVATION_MS - 1 });
    expect(redeem(reward, scanned)).toBe('redeemed');
    expect(expireReward(aHeldReward(reward), scanned.at)).toBeUndefined();
    expect(redeem(reward, aVisit({ at: NOON + RESERVATION_MS }))).toBe('reward-expired');
    expect(expireReward(aHeldReward(reward), NOON + RESERVATION_MS)).toBeDefined();
  });

  test('is nothing to a reward that was used', () => {
    const used = { ...redeemed, expiresAt: NOON + 1 };
    expect(redeem(used, aVisit({ at: NOON + 2 }))).toBe('reward-already-redeemed');
    expect(expireReward(aHeldReward(used), NOON + 2)).toBeUndefined();
  });
});

test('a reward is refused for the first reason in the documented order', () => {
  const elsewhere = aVisit({ store: aStore({ id: anId('sto', 9) }), by: 'integration:kiosk' });
  const here = held({ storeIds: [aStore().id] });
  const card = (status: 'closed' | 'blocked' | 'active') => ({ card: aCard({ status }) });
  expect(redeem({ ...here, status: 'revoked' }, elsewhere, card('closed'))).toBe('reward-revoked');
  expect(redeem({ ...here, ...redeemed }, elsewhere, card('closed'))).toBe(
    'reward-already-redeemed',
  );
  expect(redeem({ ...here, status: 'reversed' }, elsewhere)).toBe('reward-reversed');
  const expired = { ...here, status: 'expired' as const };
  expect(redeem(expired, elsewhere, card('closed'))).toBe('reward-expired');
  expect(redeem(here, elsewhere, card('closed'))).toBe('card-closed');
  expect(redeem(here, elsewhere, card('blocked'))).toBe('card-blocked');
  expect(redeem(here, elsewhere, card('active'))).toBe('wrong-store');
  expect(redeem(here, { ...elsewhere, store: aStore() })).toBe('reward-reserved');
});

describe('a redemption that is taken back', () => {
  const expiresAt = at('2026-03-20T23:59:59.999Z');
  const back = (over: Partial<HeldReward>, when = NOON) =>
    restoreReward(aHeldReward({ ...redeemed, ...over }), when, 'Europe/Lisbon', deterministicIds());

  test('leaves the old reward reversed and gives a new one for the same lots', () => {
    const reward = aHeldReward({ ...redeemed, version: 3 });
    const { change, reward: again, postings } = back({ version: 3 });
    expect(change).toMatchObject({ id: reward.id, version: 3, status: 'reversed' });
    expect(again).toMatchObject({
      name: reward.name,
      cost: reward.cost,
      funding: reward.funding,
      replaces: reward.id,
    });
    expect(again.code).not.toBe(reward.code);
    expect(postings).toMatchObject([
      { from: 'redeemed', to: 'card', amount: points(10), rewardId: reward.id },
      { from: 'card', to: 'redeemed', amount: points(10), rewardId: again.id },
    ]);
    expect(back({ cost: 0, funding: [] }).postings).toEqual([]);
  });

  test('keeps its expiry, and at least seven days', () => {
    expect(back({ expiresAt }).reward.expiresAt).toBe(expiresAt);
    expect(back({ expiresAt }, at('2026-03-13T12:00:00Z')).reward.expiresAt).toBe(expiresAt);
    const weekOn = back({ expiresAt }, at('2026-03-14T12:00:00Z')).reward.expiresAt;
    expect(weekOn).toBe(at('2026-03-21T23:59:59.999Z'));
    expect(back({ expiresAt: null }).reward.expiresAt).toBeNull();
  });

  test('must have been one, once', () => {
    const why = (over: Partial<HeldReward>, status: 'active' | 'closed' | 'blocked' = 'active') =>
      whyNotReversible(aHeldReward(over), { status });
    expect(why(redeemed)).toBeUndefined();
    expect(why(redeemed, 'blocked')).toBeUndefined();
    expect(why(redeemed, 'closed')).toBe('card-closed');
    expect(why({ status: 'reversed' })).toBe('reward-reversed');
    expect(why({ status: 'revoked' })).toBe('reward-revoked');
    expect(why({})).toBe('reward-not-redeemed');
  });
});

const aProgram = { id: anId('prg'), unit: 'point' as const };
