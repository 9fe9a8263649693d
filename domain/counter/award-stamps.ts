import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { applyDraws, drawFromLots, type LotDraw } from '../ledger/lots.ts';
import type { Posting } from '../ledger/posting.ts';
import { creditAmount } from '../offers/award.ts';
import type { Program } from '../programs/program.ts';
import type { Role } from '../tenancy/permissions.ts';
import type { IdSource, LotId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Refusals, in order of precedence. */
export type AwardRefusal = 'self-award' | 'card-closed' | 'card-blocked' | 'not-a-stamp-card';

export type AwardDecision =
  { kind: 'awarded'; change: CardChange } | { kind: 'refused'; code: AwardRefusal };

/**
 * Stamps given by hand at the counter: they count like earned ones, and may complete the card.
 * @param input.isOwnCard whether the card is of whoever serves
 */
export function awardStamps(
  input: { card: Card; program: Program; stamps: number; at: Instant; isOwnCard: boolean },
  ids: IdSource,
): AwardDecision {
  const { card, program, stamps, at } = input;
  if (input.isOwnCard) return { kind: 'refused', code: 'self-award' };
  if (card.status === 'merged' || card.status === 'closed') {
    return { kind: 'refused', code: 'card-closed' };
  }
  if (card.status === 'blocked') return { kind: 'refused', code: 'card-blocked' };
  if (program.unit !== 'stamp') return { kind: 'refused', code: 'not-a-stamp-card' };
  return { kind: 'awarded', change: creditAmount({ card, program, at, amount: stamps }, ids) };
}

/** Refusals, in order of precedence. */
export type UndoRefusal = 'already-undone' | 'undo-too-late' | 'reason-required' | 'already-spent';

/** What was awarded, as the books have it. */
export interface PastAward {
  /** Who gave it, as `kind:id`. */
  by: string;
  at: Instant;
  /** Stamps. */
  amount: number;
  lotIds: readonly LotId[];
  isUndone: boolean;
}

export type UndoDecision =
  { kind: 'undone'; change: CardChange } | { kind: 'refused'; code: UndoRefusal };

/** A slip of the hand is taken back without a word for so long, both ends included. */
export const FREE_UNDO_MS = 10_000;

/**
 * Takes an award back. Whoever gave it may within 10 s; later it takes a manager or the owner, and a
 * reason. What has completed a reward or repaid a debt by then is spent: that is for an adjustment.
 */
export function undoAward(input: {
  card: Card;
  award: PastAward;
  by: string;
  role: Role;
  reason: string | null;
  at: Instant;
}): UndoDecision {
  const { card, award } = input;
  if (award.isUndone) return { kind: 'refused', code: 'already-undone' };
  const code = whyNotUndo(input);
  if (code) return { kind: 'refused', code };
  const own = card.lots.filter((lot) => award.lotIds.includes(lot.id));
  const left = own.reduce((sum, lot) => sum + lot.remaining, 0);
  if (left < award.amount) return { kind: 'refused', code: 'already-spent' };
  return { kind: 'undone', change: takeBack(card, award.amount, drawFromLots(own, award.amount)) };
}

/** Why somebody cannot undo what was done by hand, as far as who, when and why say. */
export function whyNotUndo(undo: {
  award: Pick<PastAward, 'by' | 'at'>;
  by: string;
  role: Role;
  reason: string | null;
  at: Instant;
}): 'undo-too-late' | 'reason-required' | undefined {
  const { award, by, role, reason, at } = undo;
  const isFree = by === award.by && at - award.at <= FREE_UNDO_MS;
  const mayOverrule = role === 'owner' || role === 'manager';
  if (!isFree && !mayOverrule) return 'undo-too-late';
  return !isFree && reason === null ? 'reason-required' : undefined;
}

function takeBack(card: Card, amount: number, draws: readonly LotDraw[]): CardChange {
  const posting: Posting = { cardId: card.id, from: 'card', to: 'issued', amount, draws };
  return cardChange(card, {
    card: {
      ...card,
      balance: card.balance - amount,
      sequence: card.sequence + 1,
      lots: applyDraws(card.lots, draws).filter((lot) => lot.remaining > 0),
    },
    postings: [posting],
    draws,
  });
}
