import { lotExpiry, withActivity } from '../expiry/lot-expiry.ts';
import { type Program, versionAt } from '../programs/program.ts';
import type { Card } from './card.ts';
import { type CardChange, cardChange } from './book-entry.ts';
import { applyDraws, drawFromLots, type NewLot } from './lots.ts';
import type { Posting } from './posting.ts';
import type { IdSource } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Refusals, in order of precedence. */
export type AdjustmentRefusal = 'card-closed' | 'insufficient-balance';

export type AdjustmentDecision =
  { kind: 'adjusted'; change: CardChange } | { kind: 'refused'; code: AdjustmentRefusal };

/**
 * Puts an amount on a card or takes it off, by a person's decision. What is given is a lot of its
 * own; what is taken comes from the lots that expire first. It mints no rewards: the next purchase
 * does.
 * @param amount ledger units; negative takes away, never below zero
 */
export function adjustCard(
  input: { card: Card; program: Program; amount: number; at: Instant },
  ids: IdSource,
): AdjustmentDecision {
  const { card, amount } = input;
  if (card.status === 'merged' || card.status === 'closed') {
    return { kind: 'refused', code: 'card-closed' };
  }
  if (card.balance + amount < 0) return { kind: 'refused', code: 'insufficient-balance' };
  return { kind: 'adjusted', change: amount > 0 ? give(input, ids) : take(input) };
}

interface Adjustment {
  card: Card;
  program: Program;
  amount: number;
  at: Instant;
}

function give({ card, program, amount, at }: Adjustment, ids: IdSource): CardChange {
  // What a shop gives by hand expires as if it had been earned at that moment.
  const version = versionAt(program, at);
  const expiry = version
    ? lotExpiry(version.expiry, { at, zone: program.zone, card })
    : { expiresAt: null, lapses: false };
  const lot: NewLot = {
    id: ids.id('lot'),
    cardId: card.id,
    earnedAt: at,
    ...expiry,
    amount,
    remaining: amount,
  };
  const activeUntil = expiry.lapses ? expiry.expiresAt : card.activeUntil;
  const posting: Posting = { cardId: card.id, from: 'adjusted', to: 'card', amount, draws: [] };
  const lots = withActivity([...card.lots, lot], activeUntil);
  const active = { ...card, activeUntil };
  return changed(active, amount, { postings: [posting], newLots: [lot], lots });
}

function take({ card, amount }: Adjustment): CardChange {
  const draws = drawFromLots(card.lots, -amount);
  const posting: Posting = {
    cardId: card.id,
    from: 'card',
    to: 'adjusted',
    amount: -amount,
    draws,
  };
  const lots = applyDraws(card.lots, draws);
  return { ...changed(card, amount, { postings: [posting], newLots: [], lots }), draws };
}

function changed(
  card: Card,
  amount: number,
  what: Pick<CardChange, 'postings' | 'newLots'> & Pick<Card, 'lots'>,
): CardChange {
  return cardChange(card, {
    card: {
      ...card,
      balance: card.balance + amount,
      sequence: card.sequence + 1,
      lots: what.lots.filter((lot) => lot.remaining > 0),
    },
    postings: what.postings,
    newLots: what.newLots,
  });
}
