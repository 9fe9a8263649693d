import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aCardHistory,
  aLot,
  anAutoReward,
  aPointProgram,
  aStampProgram,
  at,
  aVersion,
  coffees,
  NOON,
} from '../../tests/builders/domain.ts';
import { isValidAt } from '../ledger/lots.ts';
import { DAY_MS } from '../values/time.ts';
import { lotExpiry } from './lot-expiry.ts';
import type { ExpiryRule } from './rule.ts';

const rolling = (period: string): ExpiryRule => ({
  kind: 'rolling',
  period,
  countedFrom: 'each-earning',
});
const yearEnd: ExpiryRule = { kind: 'fixed', dates: ['12-31'], atLeast: null };
const inactivity = (period: string): ExpiryRule => ({ kind: 'inactivity', period });

function endOf(rule: ExpiryRule, earnedAt: string, zone = 'Europe/Lisbon'): string | null {
  const { expiresAt } = lotExpiry(rule, { at: at(earnedAt), zone, card: aCard() });
  return expiresAt === null ? null : new Date(expiresAt).toISOString();
}

describe('a lot', () => {
  test('never expires where the rule says so', () => {
    expect(endOf({ kind: 'none' }, '2026-03-04T12:00:00Z')).toBeNull();
  });

  test('ends with the local day of the program’s zone, to the millisecond', () => {
    const rule = rolling('P60D');
    expect(endOf(rule, '2026-01-01T12:00:00Z', 'Europe/Lisbon')).toBe('2026-03-02T23:59:59.999Z');
    expect(endOf(rule, '2026-01-01T12:00:00Z', 'Asia/Tokyo')).toBe('2026-03-02T14:59:59.999Z');
    expect(endOf(rule, '2026-01-01T12:00:00Z', 'America/New_York')).toBe(
      '2026-03-03T04:59:59.999Z',
    );
  });

  test('counts from the local day it was earned on', () => {
    const rule = rolling('P1D');
    expect(endOf(rule, '2026-07-01T22:59:59.999Z')).toBe('2026-07-02T22:59:59.999Z');
    expect(endOf(rule, '2026-07-01T23:00:00Z')).toBe('2026-07-03T22:59:59.999Z');
  });

  test('ends at local midnight whatever the clocks did in between', () => {
    // Lisbon: forward on 29 March, back on 25 October 2026.
    expect(endOf(rolling('P1M'), '2026-03-01T12:00:00Z')).toBe('2026-04-01T22:59:59.999Z');
    expect(endOf(rolling('P1D'), '2026-10-24T12:00:00Z')).toBe('2026-10-25T23:59:59.999Z');
    // Beirut's clocks jump at midnight itself: the day ends when the jump happens.
    expect(endOf(rolling('P1D'), '2026-03-27T12:00:00Z', 'Asia/Beirut')).toBe(
      '2026-03-28T21:59:59.999Z',
    );
  });

  test('is clamped in short months', () => {
    expect(endOf(rolling('P1M'), '2026-01-31T12:00:00Z')).toBe('2026-02-28T23:59:59.999Z');
    expect(endOf(rolling('P12M'), '2028-02-29T12:00:00Z')).toBe('2029-02-28T23:59:59.999Z');
  });

  test('lives to the next fixed date, or to the one after it when that is too soon', () => {
    expect(endOf(yearEnd, '2026-12-31T23:59:59.999Z')).toBe('2026-12-31T23:59:59.999Z');
    expect(endOf(yearEnd, '2027-01-01T00:00:00Z')).toBe('2027-12-31T23:59:59.999Z');
    const lenient: ExpiryRule = { ...yearEnd, atLeast: 'P1M' };
    expect(endOf(lenient, '2026-11-30T12:00:00Z')).toBe('2026-12-31T23:59:59.999Z');
    expect(endOf(lenient, '2026-12-01T12:00:00Z')).toBe('2027-12-31T23:59:59.999Z');
  });

  test('is valid up to its end and not at it', () => {
    const lot = aLot({ expiresAt: NOON });
    expect([NOON - 1, NOON].map((instant) => isValidAt(lot, instant))).toEqual([true, false]);
  });
});

describe('counted from the first earning', () => {
  const within60Days = aStampProgram({
    expiry: { kind: 'rolling', period: 'P60D', countedFrom: 'first-earning' },
  });
  const ends = (card: { lots: readonly { expiresAt: number | null }[] }) =>
    card.lots.map(({ expiresAt }) => new Date(expiresAt ?? 0).toISOString());

  test('all that a card holds expires together', () => {
    const history = aCardHistory(within60Days);
    history.buy({ ...coffees(1), occurredAt: at('2026-01-01T12:00:00Z') });
    history.buy({ ...coffees(1), occurredAt: at('2026-02-20T12:00:00Z') });
    expect(ends(history.card)).toEqual(['2026-03-02T23:59:59.999Z', '2026-03-02T23:59:59.999Z']);
  });

  test('a late sale neither shortens what was earned before nor outlives its own period', () => {
    const history = aCardHistory(within60Days);
    history.buy({ ...coffees(1), occurredAt: at('2026-01-10T12:00:00Z') });
    history.buy({ ...coffees(1), occurredAt: at('2026-01-01T12:00:00Z') });
    expect(ends(history.card)).toEqual(['2026-03-11T23:59:59.999Z', '2026-03-02T23:59:59.999Z']);
  });

  test('what is left when a card completes begins the next one, with a period of its own', () => {
    const history = aCardHistory(within60Days);
    history.buy({ ...coffees(8), occurredAt: at('2026-01-01T12:00:00Z') });
    const last = history.buy({ ...coffees(5), occurredAt: at('2026-02-20T12:00:00Z') });
    expect(last.card.balance).toBe(3);
    expect(ends(history.card)).toEqual(['2026-04-21T22:59:59.999Z']);
    expect(ends({ lots: last.newLots })).toEqual(['2026-04-21T22:59:59.999Z']);
  });
});

describe('inactivity', () => {
  const program = aPointProgram({ expiry: inactivity('P6M') });
  const june = at('2026-06-15T12:00:00Z');

  test('each earning moves the end of all that the card holds', () => {
    const history = aCardHistory(program);
    history.buy({ occurredAt: at('2026-01-15T12:00:00Z') });
    history.buy({ occurredAt: june });
    const end = at('2026-12-15T23:59:59.999Z');
    expect(history.card.activeUntil).toBe(end);
    expect(history.card.lots.map((lot) => lot.expiresAt)).toEqual([end, end]);
  });

  test('a late sale never moves it back', () => {
    const history = aCardHistory(program);
    history.buy({ occurredAt: june });
    history.buy({ occurredAt: june - 30 * DAY_MS });
    expect(history.card.activeUntil).toBe(at('2026-12-15T23:59:59.999Z'));
  });

  test('a rule that comes later does not touch what was earned before', () => {
    const later = aPointProgram();
    const versions = [
      aVersion({ number: 1, to: june, expiry: { kind: 'none' }, rules: [] }),
      aVersion({ number: 2, from: june, expiry: inactivity('P1D') }),
    ];
    const points = { rules: [{ kind: 'perVisit' as const, amount: '1' }] };
    const history = aCardHistory({
      ...later,
      versions: versions.map((version) => ({ ...version, ...points })),
    });
    history.buy({ occurredAt: june - DAY_MS });
    history.buy({ occurredAt: june });
    expect(history.card.lots.map((lot) => lot.expiresAt)).toEqual([
      null,
      at('2026-06-16T22:59:59.999Z'),
    ]);
  });

  test('what was earned under it goes on being kept by visits after another rule has followed', () => {
    const points = { rules: [{ kind: 'perVisit' as const, amount: '1' }] };
    const history = aCardHistory(
      aPointProgram(
        {},
        {
          versions: [
            aVersion({ ...points, number: 1, to: june, expiry: inactivity('P6M') }),
            aVersion({ ...points, number: 2, from: june, expiry: rolling('P1D') }),
          ],
        },
      ),
    );
    history.buy({ occurredAt: june - DAY_MS });
    history.buy({ occurredAt: june });
    expect(history.card.lots.map((lot) => lot.expiresAt)).toEqual([
      at('2026-12-15T23:59:59.999Z'),
      at('2026-06-16T22:59:59.999Z'),
    ]);
  });
});

test('the outcome says until when it is valid', () => {
  const history = aCardHistory(
    aStampProgram({ autoReward: anAutoReward(), expiry: rolling('P1M') }),
  );
  const sale = history.buy({ ...coffees(3), occurredAt: at('2026-01-31T12:00:00Z') });
  const said = sale.explanation.find((step) => step.code === 'expires');
  expect(said?.text).toBe('3 stamps of it valid until the end of 2026-02-28');
});
