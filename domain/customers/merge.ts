import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card, CardStatus } from '../ledger/card.ts';
import { applyDraws, drawFromLots, type LotDraw } from '../ledger/lots.ts';
import type { Posting } from '../ledger/posting.ts';
import type { CardId, LotId, ProgramId } from '../values/ids.ts';
import { DAY_MS, type Instant } from '../values/time.ts';
import type { MergedLevel } from './merge-levels.ts';

/** How long a merge can be taken back. */
export const UNDO_DAYS = 30;

/** A card of the customer who is merged away, and the survivor's card of the same program. */
export interface CardPair {
  from: Card;
  into: Card;
}

/** What merging two cards did: enough to take it back exactly. */
export interface MergedPair {
  programId: ProgramId;
  from: CardId;
  into: CardId;
  /** Lots that moved, with what they held; they keep id, origin and expiry. */
  lots: readonly LotDraw[];
  /** All lots that moved, spent ones too: a refund may give back to those. */
  lotIds?: readonly LotId[];
  /** Ledger units that were owed and moved. */
  debt: number;
  /** What one card held repaid what the other owed: from these lots. */
  repaid: readonly LotDraw[];
  statusBefore: { from: CardStatus; into: CardStatus };
  versionBefore: number;
  activeUntilBefore: { from: Instant | null; into: Instant | null };
  /** The level that came with it; absent where the survivor's was as high. */
  level?: MergedLevel;
}

export interface PairMerge {
  pair: MergedPair;
  from: CardChange;
  into: CardChange;
}

/**
 * Moves all that a card holds and owes to another card of the same program. Debts net: what one
 * card holds repays what the other owes. No reward is minted: the next purchase does. A merge does
 * not unblock: where either card was blocked, the one that carries on is.
 */
export function mergeCards({ from, into }: CardPair): PairMerge {
  const lots = from.lots.map((lot) => ({ lotId: lot.id, amount: lot.remaining }));
  const all = [...into.lots, ...from.lots.map((lot) => ({ ...lot, cardId: into.id }))];
  const balance = from.balance + into.balance;
  const debt = from.debt + into.debt;
  const repaidAmount = Math.min(balance, debt);
  const repaid = drawFromLots(all, repaidAmount);
  const goesOn = into.balance === 0 && from.balance > 0 ? from : into;

  const pair: MergedPair = {
    programId: into.programId,
    from: from.id,
    into: into.id,
    lots,
    debt: from.debt,
    repaid,
    statusBefore: { from: from.status, into: into.status },
    versionBefore: into.versionNumber,
    activeUntilBefore: { from: from.activeUntil, into: into.activeUntil },
  };
  const out = transfer(from, { balance: -from.balance, debt: -from.debt, lots });
  const arrive = transfer(into, { balance: from.balance, debt: from.debt, lots });
  const repayment: Posting[] =
    repaidAmount > 0
      ? [{ cardId: into.id, from: 'card', to: 'debt', amount: repaidAmount, draws: repaid }]
      : [];
  return {
    pair,
    from: change(from, out, [], {
      balance: 0,
      debt: 0,
      lots: [],
      status: 'merged',
      activeUntil: null,
      // Its end is its last event.
      sequence: from.sequence + 1,
    }),
    into: change(into, [...arrive, ...repayment], repaid, {
      balance: balance - repaidAmount,
      debt: debt - repaidAmount,
      lots: applyDraws(all, repaid).filter((lot) => lot.remaining > 0),
      status: statusTogether({ from: from.status, into: into.status }),
      // An open stamp card keeps the version it was opened under; an empty one has none to keep.
      versionNumber: goesOn.versionNumber,
      // A merge never shortens the life of what either card held.
      activeUntil: later(from.activeUntil, into.activeUntil),
    }),
  };
}

/** Whether a merge can still be taken back; both ends of the 30 days included. */
export function mayUnmerge(merge: { mergedAt: Instant }, at: Instant): boolean {
  return at - merge.mergedAt <= UNDO_DAYS * DAY_MS;
}

/**
 * Takes a merge of two cards back; undefined where something that moved has been spent, has expired
 * or was repaid since. What the surviving card earned meanwhile stays there; what came back to lots
 * that had moved, because what it paid for was refunded, goes with them.
 */
export function unmergeCards(
  pair: MergedPair,
  cards: CardPair,
): { from: CardChange; into: CardChange } | undefined {
  const { from, into } = cards;
  const left = new Map(into.lots.map((lot) => [lot.id, lot.remaining]));
  const repaidFrom = new Map(pair.repaid.map((draw) => [draw.lotId, draw.amount]));
  const isUntouched = pair.lots.every(
    ({ lotId, amount }) => (left.get(lotId) ?? 0) >= amount - (repaidFrom.get(lotId) ?? 0),
  );
  const repaidAmount = sum(pair.repaid);
  if (!isUntouched || into.debt + repaidAmount < pair.debt) return undefined;

  const lots = [...new Set([...pair.lots.map(({ lotId }) => lotId), ...(pair.lotIds ?? [])])]
    .map((lotId) => ({ lotId, amount: (left.get(lotId) ?? 0) + (repaidFrom.get(lotId) ?? 0) }))
    .filter(({ amount }) => amount > 0);
  const moved = sum(lots);
  const givenBack = pair.repaid.map(({ lotId, amount }) => ({ lotId, amount: -amount }));
  const repayment: Posting[] =
    repaidAmount > 0
      ? [{ cardId: into.id, from: 'debt', to: 'card', amount: repaidAmount, draws: pair.repaid }]
      : [];
  const out = transfer(into, { balance: -moved, debt: -pair.debt, lots });
  const arrive = transfer(from, { balance: moved, debt: pair.debt, lots });
  return {
    from: change(from, arrive, [], {
      balance: from.balance + moved,
      debt: from.debt + pair.debt,
      status: pair.statusBefore.from,
      activeUntil: pair.activeUntilBefore.from,
    }),
    into: change(into, [...repayment, ...out], givenBack, {
      balance: into.balance + repaidAmount - moved,
      debt: into.debt + repaidAmount - pair.debt,
      status: statusBack(pair, into.status),
      activeUntil: activeUntilBack(pair, into.activeUntil),
      versionNumber:
        into.balance + repaidAmount - moved === 0 ? pair.versionBefore : into.versionNumber,
    }),
  };
}

function statusTogether({ from, into }: MergedPair['statusBefore']): CardStatus {
  return from === 'blocked' ? 'blocked' : into;
}

/** What somebody has made of the card since stands. */
function statusBack({ statusBefore }: MergedPair, now: CardStatus): CardStatus {
  return now === statusTogether(statusBefore) ? statusBefore.into : now;
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** A visit since has moved the end of everything on the card, and stands. */
function activeUntilBack({ activeUntilBefore }: MergedPair, now: Instant | null): Instant | null {
  const { from, into } = activeUntilBefore;
  return now === later(from, into) ? into : now;
}

/** The postings with which a balance and a debt come to a card, or leave it. */
function transfer(
  card: Card,
  moved: { balance: number; debt: number; lots: readonly LotDraw[] },
): Posting[] {
  const postings: Posting[] = [];
  const { balance, debt, lots } = moved;
  if (balance !== 0) {
    const [from, to] = balance > 0 ? (['merged', 'card'] as const) : (['card', 'merged'] as const);
    postings.push({ cardId: card.id, from, to, amount: Math.abs(balance), draws: lots });
  }
  if (debt !== 0) {
    const [from, to] = debt > 0 ? (['debt', 'merged'] as const) : (['merged', 'debt'] as const);
    postings.push({ cardId: card.id, from, to, amount: Math.abs(debt), draws: [] });
  }
  return postings;
}

function change(
  card: Card,
  postings: readonly Posting[],
  draws: readonly LotDraw[],
  after: Partial<Card>,
): CardChange {
  const sequence = after.sequence ?? card.sequence + (postings.length > 0 ? 1 : 0);
  return cardChange(card, {
    card: { ...card, ...after, sequence },
    postings,
    draws,
  });
}

function sum(draws: readonly LotDraw[]): number {
  return draws.reduce((total, draw) => total + draw.amount, 0);
}
