import { describe, expect, test } from '@jest/globals';
import { at } from '../../tests/builders/domain.ts';
import { aRewardDefinition } from '../../tests/builders/rewards.ts';
import { expiryOf, isInSeason, stockAfterEdit } from './definition.ts';

const LISBON = 'Europe/Lisbon';
const terms = (over: object) => aRewardDefinition(over).terms;

describe('a season', () => {
  const summer = terms({ season: { from: '2026-06-01', to: '2026-08-31' } });
  test.each([
    ['the last millisecond before it', '2026-05-31T22:59:59.999Z', false],
    ['its first millisecond', '2026-05-31T23:00:00Z', true],
    ['its last millisecond', '2026-08-31T22:59:59.999Z', true],
    ['the first millisecond after it', '2026-08-31T23:00:00Z', false],
  ])('counts days of the program’s zone: %s', (_, time, expected) => {
    expect(isInSeason(summer, at(time), LISBON)).toBe(expected);
  });

  test('is open where it names no day', () => {
    const winterOn = terms({ season: { from: '2026-12-01' } });
    expect(isInSeason(winterOn, at('2036-01-01T12:00:00Z'), LISBON)).toBe(true);
    expect(isInSeason(winterOn, at('2026-11-30T12:00:00Z'), LISBON)).toBe(false);
    expect(isInSeason(terms({}), 0, LISBON)).toBe(true);
  });
});

describe('a claimed reward expires', () => {
  const noon = at('2026-03-04T12:00:00Z');
  test('at the end of the local day, so many days on', () => {
    const expires = expiryOf(terms({ validForDays: 7 }), noon, LISBON);
    expect(expires).toBe(at('2026-03-11T23:59:59.999Z'));
  });

  test('at a fixed end, or after its days, whichever comes first', () => {
    const until = { validUntil: '2026-03-08' };
    const fixed = at('2026-03-08T23:59:59.999Z');
    expect(expiryOf(terms(until), noon, LISBON)).toBe(fixed);
    expect(expiryOf(terms({ ...until, validForDays: 7 }), noon, LISBON)).toBe(fixed);
    const three = expiryOf(terms({ ...until, validForDays: 3 }), noon, LISBON);
    expect(three).toBe(at('2026-03-07T23:59:59.999Z'));
  });

  test('never, where nothing says so', () => {
    expect(expiryOf(terms({}), noon, LISBON)).toBeNull();
  });
});

describe('a stock that is edited', () => {
  test('leaves what is left moved by as much, and never below zero', () => {
    const current = { stock: 10, stockLeft: 4 };
    expect(stockAfterEdit(current, 12)).toBe(6);
    expect(stockAfterEdit(current, 7)).toBe(1);
    expect(stockAfterEdit(current, 6)).toBe(0);
    expect(stockAfterEdit(current, 5)).toBe(0);
  });

  test('counts from now on where there was none, and stops where there is none any more', () => {
    expect(stockAfterEdit({ stock: undefined, stockLeft: null }, 5)).toBe(5);
    expect(stockAfterEdit({ stock: 10, stockLeft: 4 }, undefined)).toBeNull();
  });
});
