import { describe, expect, test } from '@jest/globals';
import { aPromotion, aPurchase, aStore, at } from '../../tests/builders/domain.ts';
import type { Store } from '../tenancy/business.ts';
import { isoWeekday, isOn, momentOf } from './applies.ts';
import type { PromotionDefinition } from './promotion.ts';

type Window = PromotionDefinition['window'];

function isOnAt(text: string, window: Window, store: Partial<Store> = {}): boolean {
  const purchase = aPurchase({ occurredAt: at(text), store: aStore(store) });
  return isOn(aPromotion({ window }), momentOf(purchase));
}

test.each([
  ['2026-03-02', 1],
  ['2026-03-03', 2],
  ['2026-03-07', 6],
  ['2026-03-08', 7],
  ['2028-02-29', 2],
])('%s is ISO weekday %i', (date, expected) => {
  expect(isoWeekday(date)).toBe(expected);
});

describe('dates', () => {
  const window = { from: '2026-03-04', to: '2026-03-05' };

  test.each([
    ['2026-03-03T23:59:59.999Z', false],
    ['2026-03-04T00:00:00Z', true],
    ['2026-03-05T23:59:59.999Z', true],
    ['2026-03-06T00:00:00Z', false],
  ])('first and last day are both included: %s is %s', (text, expected) => {
    expect(isOnAt(text, window)).toBe(expected);
  });

  test.each([
    ['2026-03-04T03:59:59.999Z', false],
    ['2026-03-04T04:00:00Z', true],
    ['2026-03-06T03:59:59.999Z', true],
    ['2026-03-06T04:00:00Z', false],
  ])('are the business date where the day starts at 04:00: %s is %s', (text, expected) => {
    expect(isOnAt(text, window, { dayStartMinutes: 240 })).toBe(expected);
  });

  test('are the store’s: midnight in Tokyo is in the afternoon of the day before in UTC', () => {
    const tokyo = { zone: 'Asia/Tokyo' };
    expect(isOnAt('2026-03-03T14:59:59.999Z', window, tokyo)).toBe(false);
    expect(isOnAt('2026-03-03T15:00:00Z', window, tokyo)).toBe(true);
  });

  test('an end that is left out is no end', () => {
    expect(isOnAt('2099-01-01T00:00:00Z', { from: '2026-03-04' })).toBe(true);
    expect(isOnAt('1999-01-01T00:00:00Z', { to: '2026-03-04' })).toBe(false);
    expect(isOnAt('2020-01-01T00:00:00Z', { to: '2026-03-04' })).toBe(true);
  });
});

describe('hours', () => {
  const lunch = { hours: { from: '11:30', to: '14:00' } };

  test.each([
    ['2026-03-04T11:29:59.999Z', false],
    ['2026-03-04T11:30:00Z', true],
    ['2026-03-04T13:59:59.999Z', true],
    ['2026-03-04T14:00:00Z', false],
  ])('the start is included, the end is not: %s is %s', (text, expected) => {
    expect(isOnAt(text, lunch)).toBe(expected);
  });

  test('are the store’s clock, in summer time too', () => {
    expect(isOnAt('2026-07-01T10:29:59Z', lunch)).toBe(false);
    expect(isOnAt('2026-07-01T10:30:00Z', lunch)).toBe(true);
    expect(isOnAt('2026-07-01T07:30:00Z', lunch, { zone: 'Europe/Helsinki' })).toBe(false);
    expect(isOnAt('2026-07-01T08:30:00Z', lunch, { zone: 'Europe/Helsinki' })).toBe(true);
  });

  const fridayNight = { weekdays: [5], hours: { from: '22:00', to: '02:00' } };

  // 2026-03-06 is a Friday.
  test.each([
    ['2026-03-06T01:59:59Z', false],
    ['2026-03-06T21:59:59.999Z', false],
    ['2026-03-06T22:00:00Z', true],
    ['2026-03-06T23:59:59.999Z', true],
    ['2026-03-07T00:00:00Z', true],
    ['2026-03-07T01:59:59.999Z', true],
    ['2026-03-07T02:00:00Z', false],
    ['2026-03-07T22:00:00Z', false],
  ])('past midnight belong to the evening they began on: %s is %s', (text, expected) => {
    expect(isOnAt(text, fridayNight)).toBe(expected);
    expect(isOnAt(text, fridayNight, { dayStartMinutes: 240 })).toBe(expected);
  });

  test('past midnight count on the last date of the window, not on the first', () => {
    const oneNight = { from: '2026-03-06', to: '2026-03-06', hours: fridayNight.hours };
    expect(isOnAt('2026-03-06T01:00:00Z', oneNight)).toBe(false);
    expect(isOnAt('2026-03-07T01:00:00Z', oneNight)).toBe(true);
  });

  test('an hour that happens twice counts twice, and no other does', () => {
    // Lisbon, 25 October 2026: 02:00 WEST becomes 01:00 WET.
    const one = { hours: { from: '01:00', to: '02:00' } };
    expect(isOnAt('2026-10-24T23:59:59Z', one)).toBe(false);
    expect(isOnAt('2026-10-25T00:00:00Z', one)).toBe(true);
    expect(isOnAt('2026-10-25T00:59:59Z', one)).toBe(true);
    expect(isOnAt('2026-10-25T01:00:00Z', one)).toBe(true);
    expect(isOnAt('2026-10-25T01:59:59Z', one)).toBe(true);
    expect(isOnAt('2026-10-25T02:00:00Z', one)).toBe(false);
  });

  test('a start in the hour that does not exist is the moment the clocks jump', () => {
    // Lisbon, 29 March 2026: 01:00 WET becomes 02:00 WEST.
    const window = { hours: { from: '01:30', to: '03:00' } };
    expect(isOnAt('2026-03-29T00:59:59.999Z', window)).toBe(false);
    expect(isOnAt('2026-03-29T01:00:00Z', window)).toBe(true);
    expect(isOnAt('2026-03-29T01:59:59.999Z', window)).toBe(true);
    expect(isOnAt('2026-03-29T02:00:00Z', window)).toBe(false);
  });
});

test('a store that is not named has no part in it', () => {
  const purchase = aPurchase();
  const here = aPromotion({ storeIds: [purchase.store.id] });
  const elsewhere = aPromotion({ storeIds: ['sto_00000000000000000000000099'] });
  expect([here, elsewhere].map((p) => isOn(p, momentOf(purchase)))).toEqual([true, false]);
});

test.each([
  ['2026-03-04T09:59:59.999Z', false],
  ['2026-03-04T10:00:00Z', true],
  ['2026-03-04T15:59:59.999Z', true],
  ['2026-03-04T16:00:00Z', false],
])(
  'live from ten until paused at four: a sale at %s, however late it arrives, is %s',
  (text, on) => {
    const live = { from: at('2026-03-04T10:00:00Z'), to: at('2026-03-04T16:00:00Z') };
    expect(isOn(aPromotion({ live }), momentOf(aPurchase({ occurredAt: at(text) })))).toBe(on);
  },
);
