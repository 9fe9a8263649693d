import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aCard, aLot, anId, NOON } from '../../tests/builders/domain.ts';
import { type CardChange, isBalanced } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { Lot } from '../ledger/lots.ts';
import { DAY_MS } from '../values/time.ts';
import { NOBODY, type Profile } from './customer.ts';
import { mergeProfiles, unmergeProfiles } from './merge-profiles.ts';
import { type CardPair, mayUnmerge, mergeCards, unmergeCards } from './merge.ts';

const card = (n: number, amounts: readonly number[], over: Partial<Card> = {}): Card =>
  aCard({
    id: anId('crd', n),
    customerId: anId('cus', n),
    balance: amounts.reduce((a, b) => a + b, 0),
    lots: amounts.map((remaining, i) =>
      aLot({ n: n * 100 + i, cardId: anId('crd', n), remaining, expiresAt: NOON + i }),
    ),
    ...over,
  });
const pair = (from: readonly number[], into: readonly number[]): CardPair => ({
  from: card(1, from),
  into: card(2, into),
});
const byText = (a: string, b: string) => (a < b ? -1 : 1);
const posted = ({ postings }: CardChange) => postings.map((p) => [p.from, p.to, p.amount]);

describe('two cards merged', () => {
  test('are one that holds both, by postings that meet, in lots of the same origin and expiry', () => {
    const { from, into } = mergeCards(pair([3, 4], [5]));
    expect(posted(from)).toEqual([['card', 'merged', 7]]);
    expect(posted(into)).toEqual([['merged', 'card', 7]]);
    expect([from.card.balance, from.card.status, into.card.balance]).toEqual([0, 'merged', 12]);
    expect(into.card.lots.map((lot) => [lot.remaining, lot.expiresAt])).toEqual([
      [5, NOON],
      [3, NOON],
      [4, NOON + 1],
    ]);
  });

  test('net what one owes against what the other holds', () => {
    const owing = { from: card(1, [3, 4]), into: card(2, [], { debt: 5 }) };
    const { into } = mergeCards(owing);
    expect(posted(into)).toEqual([
      ['merged', 'card', 7],
      ['card', 'debt', 5],
    ]);
    expect([into.card.balance, into.card.debt]).toEqual([2, 0]);
    const other = mergeCards({ from: card(1, [], { debt: 9 }), into: card(2, [4]) });
    expect(posted(other.from)).toEqual([['merged', 'debt', 9]]);
    expect([other.into.card.balance, other.into.card.debt]).toEqual([0, 5]);
  });

  test('that are empty move nothing', () => {
    const { from, into } = mergeCards(pair([], []));
    expect([posted(from), posted(into)]).toEqual([[], []]);
    expect(into.card.sequence).toBe(0);
  });

  test('stay blocked when either was', () => {
    const { into } = mergeCards({ from: card(1, [], { status: 'blocked' }), into: card(2, []) });
    expect(into.card.status).toBe('blocked');
  });

  test('go on under the version of whichever was begun', () => {
    const begun = mergeCards({ from: card(1, [1], { versionNumber: 3 }), into: card(2, []) });
    expect(begun.into.card.versionNumber).toBe(3);
    const both = mergeCards({ from: card(1, [1], { versionNumber: 3 }), into: card(2, [1]) });
    expect(both.into.card.versionNumber).toBe(1);
  });
});

describe('taking it back', () => {
  test('is refused when a lot that moved was spent', () => {
    const cards = pair([5], [5]);
    const { pair: done, from, into } = mergeCards(cards);
    const spent = into.card.lots.map((lot) => ({ ...lot, remaining: lot.remaining - 1 }));
    const after = { ...into.card, balance: 8, lots: spent };
    expect(unmergeCards(done, { from: from.card, into: after })).toBeUndefined();
  });

  test('leaves what was earned since where it was earned, and what was spent of the other lots', () => {
    const { pair: done, from, into } = mergeCards(pair([5], [5]));
    const lots = into.card.lots.map((lot) =>
      lot.id === anId('lot', 200) ? { ...lot, remaining: 1 } : lot,
    );
    const earned: Lot = aLot({ n: 900, cardId: into.card.id, remaining: 3 });
    const after = { ...into.card, balance: 9, lots: [...lots, earned] };
    const back = unmergeCards(done, { from: from.card, into: after })!;
    expect([back.from.card.balance, back.into.card.balance]).toEqual([5, 4]);
  });

  test('is refused when debt that moved was repaid meanwhile', () => {
    const {
      pair: done,
      from,
      into,
    } = mergeCards({ from: card(1, [], { debt: 4 }), into: card(2, []) });
    const after = { ...into.card, debt: 3 };
    expect(unmergeCards(done, { from: from.card, into: after })).toBeUndefined();
    expect(unmergeCards(done, { from: from.card, into: into.card })?.from.card.debt).toBe(4);
  });

  test('is possible for 30 days, the last moment included', () => {
    expect(mayUnmerge({ mergedAt: NOON }, NOON + 30 * DAY_MS)).toBe(true);
    expect(mayUnmerge({ mergedAt: NOON }, NOON + 30 * DAY_MS + 1)).toBe(false);
  });
});

describe('for any two cards', () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 });
  const debt = fc.integer({ min: 0, max: 60 });
  const until = fc.option(fc.integer({ min: NOON, max: NOON + 9 }));
  const pairs = fc
    .record({ a: amounts, b: amounts, debtA: debt, debtB: debt, untilA: until, untilB: until })
    .map(({ a, b, debtA, debtB, untilA, untilB }) => ({
      from: card(1, a, { debt: debtA, activeUntil: untilA }),
      into: card(2, b, { debt: debtB, activeUntil: untilB }),
    }));
  const worth = (...cards: Card[]) => cards.reduce((total, c) => total + c.balance - c.debt, 0);
  const held = (c: Card) => c.lots.reduce((total, lot) => total + lot.remaining, 0);

  test('a merge keeps what both are worth, and each card balances with its lots', () => {
    fc.assert(
      fc.property(pairs, (cards) => {
        const { from, into } = mergeCards(cards);
        expect(isBalanced(from) && isBalanced(into)).toBe(true);
        expect(worth(from.card, into.card)).toBe(worth(cards.from, cards.into));
        expect([held(from.card), held(into.card)]).toEqual([from.card.balance, into.card.balance]);
        // Nothing is both held and owed.
        expect(Math.min(into.card.balance, into.card.debt)).toBe(0);
      }),
    );
  });

  test('a merge taken back restores both exactly, and its postings are the merge’s turned round', () => {
    fc.assert(
      fc.property(pairs, (cards) => {
        const done = mergeCards(cards);
        const back = unmergeCards(done.pair, { from: done.from.card, into: done.into.card })!;
        expect(isBalanced(back.from) && isBalanced(back.into)).toBe(true);
        const state = ({ id, balance, debt, status, versionNumber, activeUntil }: Card) => ({
          activeUntil,
          id,
          balance,
          debt,
          status,
          versionNumber,
        });
        expect(state(back.from.card)).toEqual(state(cards.from));
        expect(state(back.into.card)).toEqual(state(cards.into));
        const net = [...done.from.postings, ...done.into.postings].map((p) => [
          p.from,
          p.to,
          p.amount,
        ]);
        const turned = [...back.from.postings, ...back.into.postings].map((p) => [
          p.to,
          p.from,
          p.amount,
        ]);
        expect(turned.map(String).toSorted(byText)).toEqual(net.map(String).toSorted(byText));
        // Each lot is drawn by the merge and given back by its undoing.
        const drawn = [...done.into.draws, ...back.into.draws].reduce((n, d) => n + d.amount, 0);
        expect(drawn).toBe(0);
      }),
    );
  });
});

describe('two profiles', () => {
  const nobody = { profile: NOBODY, tags: [] };
  const person = (profile: Partial<Profile>, tags: string[] = []) => ({
    profile: { ...NOBODY, ...profile },
    tags,
  });

  test('fill each other’s gaps; where both speak the survivor’s stands and the other’s is kept', () => {
    const { survivor, merged } = mergeProfiles(
      person({ phone: '+1', name: null }),
      person({ phone: '+2', email: 'a@b', name: 'Ana' }),
    );
    expect(survivor).toMatchObject({ phone: '+1', email: 'a@b', name: 'Ana' });
    expect(merged).toMatchObject({ phone: '+2', email: null, name: 'Ana' });
  });

  test.each([
    [true, false, false],
    [false, true, false],
    [true, true, true],
    [true, undefined, true],
    [undefined, false, false],
    [undefined, undefined, undefined],
  ])('consent %s and %s make %s', (a, b, both) => {
    const answer = (profiling: boolean | undefined) =>
      person({ consents: profiling === undefined ? {} : { profiling } });
    expect(mergeProfiles(answer(a), answer(b)).survivor.consents.profiling).toBe(both);
  });

  const field = fc.option(fc.constantFrom('a', 'b', 'c'));
  const people = fc
    .record({
      phone: field,
      email: field,
      name: field,
      birthday: field,
      locale: field,
      consents: fc.record(
        { emailMarketing: fc.boolean(), profiling: fc.boolean() },
        { requiredKeys: [] },
      ),
      externalIds: fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2')),
    })
    .map((profile) => ({ profile, tags: [] }));

  test('taken apart again are exactly who they were', () => {
    fc.assert(
      fc.property(people, people, (a, b) => {
        const { survivor, merged, kept } = mergeProfiles(a, b);
        expect(unmergeProfiles(survivor, merged, kept)).toEqual({
          survivor: a.profile,
          merged: b.profile,
        });
      }),
    );
  });

  test('of which one says nothing are the other', () => {
    fc.assert(
      fc.property(people, (a) => {
        expect(mergeProfiles(nobody, a).survivor).toEqual(a.profile);
      }),
    );
  });
});
