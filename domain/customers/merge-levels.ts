import type { CardChange } from '../ledger/book-entry.ts';
import {
  latestHolding,
  stepOf,
  type TierChange,
  type TierHolding,
  type TierLadder,
} from '../tiers/tiers.ts';
import type { Instant } from '../values/time.ts';

/** The level that came to a card with a merge, and what the card had held: null for none. */
export interface MergedLevel {
  since: Instant;
  before: TierHolding | null;
}

/** Of two levels the higher stays; null where the card that carries on holds it already. */
export function higherLevel(
  ladder: TierLadder,
  histories: { from: readonly TierHolding[]; into: readonly TierHolding[] },
  at: Instant,
): TierChange | null {
  const theirs = latestHolding(histories.from);
  const ours = latestHolding(histories.into);
  const held = stepOf(ladder, ours?.level ?? null);
  if (!theirs || stepOf(ladder, theirs.level) <= held) return null;
  const since = Math.max(at, ours ? ours.since + 1 : at);
  return {
    from: ours?.level ?? null,
    to: { level: theirs.level, since, until: theirs.until, noticedAt: null },
  };
}

/** The level of before a merge that is taken back; null where another one was reached since. */
export function levelBefore(
  { since, before }: MergedLevel,
  history: readonly TierHolding[],
  at: Instant,
): TierChange | null {
  const held = latestHolding(history);
  if (held?.since !== since) return null;
  const again = Math.max(at, since + 1);
  const to = { level: before?.level ?? null, since: again, until: before?.until ?? again };
  return { from: held.level, to: { ...to, noticedAt: null } };
}

/** A card's change with a change of level, which is a fact of its own. */
export function withLevel(change: CardChange, tierChange: TierChange | null): CardChange {
  if (!tierChange) return change;
  const { card } = change;
  return {
    ...change,
    card: { ...card, sequence: card.sequence + 1 },
    perks: { uses: [], counts: [], progress: null, tierChange },
  };
}
