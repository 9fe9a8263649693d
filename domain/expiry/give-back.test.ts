import { expect, test } from '@jest/globals';
import { aLot, anId, at, deterministicIds, NOON } from '../../tests/builders/domain.ts';
import { drawFromLots } from '../ledger/lots.ts';
import { giveBack } from './give-back.ts';

const zone = 'Europe/Lisbon';
const tonight = at('2026-03-04T23:59:59.999Z');
const soon = aLot({ n: 1, remaining: 10, expiresAt: tonight });
const later = aLot({ n: 2, remaining: 5, expiresAt: at('2027-03-04T23:59:59.999Z') });
const drawn = drawFromLots([later, soon], 12);
const back = (instant: number) =>
  giveBack(drawn, [soon, later], { cardId: anId('crd'), at: instant, zone }, deterministicIds());

test('worked example 8: 12 from a lot of 10 that expires tonight and one of 5 takes 10 + 2', () => {
  expect(drawn).toEqual([
    { lotId: soon.id, amount: 10 },
    { lotId: later.id, amount: 2 },
  ]);
});

test('worked example 8: given back the same day, it goes to the same lots', () => {
  expect(back(NOON)).toEqual({ draws: drawn, newLots: [] });
  expect(back(tonight - 1).newLots).toEqual([]);
});

test('worked example 8: given back after the end, the expired part lives at least 7 days', () => {
  const result = back(tonight);
  expect(result.draws).toEqual([{ lotId: later.id, amount: 2 }]);
  expect(result.newLots).toMatchObject([
    {
      amount: 10,
      remaining: 10,
      earnedAt: soon.earnedAt,
      expiresAt: at('2026-03-11T23:59:59.999Z'),
    },
  ]);
});

test('what was drawn several times from one lot goes back as one', () => {
  const twice = [...drawn, { lotId: later.id, amount: 1 }];
  const context = { cardId: anId('crd'), at: NOON, zone };
  expect(giveBack(twice, [soon, later], context, deterministicIds()).draws).toEqual([
    { lotId: soon.id, amount: 10 },
    { lotId: later.id, amount: 3 },
  ]);
});

test('what came from a lot that is another card’s by now becomes a lot with the same end', () => {
  const elsewhere = { ...later, cardId: anId('crd', 2) };
  const context = { cardId: anId('crd'), at: NOON, zone };
  const result = giveBack(drawn, [soon, elsewhere], context, deterministicIds());
  expect(result.draws).toEqual([{ lotId: soon.id, amount: 10 }]);
  expect(result.newLots).toMatchObject([
    { cardId: anId('crd'), amount: 2, earnedAt: later.earnedAt, expiresAt: later.expiresAt },
  ]);
});
