import type { LotId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { LotDraw } from './lots.ts';

/** `event`: by what had happened until then. `recorded`: by what the books knew then. */
export type AsOfBy = 'event' | 'recorded';

interface Timed {
  occurredAt: Instant;
  recordedAt: Instant;
}

/** A lot as it was earned. */
export interface LotRecord extends Timed {
  id: LotId;
  /** What it held at first, ledger units. */
  amount: number;
  /** Null for one that never expires by itself, and for one that lapses. */
  expiresAt: Instant | null;
  lapses: boolean;
}

/** A posting that drew from lots or gave back to them. */
export interface DrawRecord extends Timed {
  /** 1: it took from the lots; -1: it gave back to them. */
  sign: 1 | -1;
  isExpiry: boolean;
  draws: readonly LotDraw[];
}

/** Everything that decides what a card held at any time. */
export interface CardRecords {
  lots: readonly LotRecord[];
  draws: readonly DrawRecord[];
  activeUntil: Instant | null;
}

/**
 * What could be spent on a card at an instant, what happened at that very instant included: of each
 * lot that was there, what had not been drawn, unless it had expired. By event time, what was posted
 * late counts from when it occurred. By recorded time it counts from when it was posted, but what had
 * expired is left out even where the sweep came later, as a look at that moment would have shown.
 * @returns ledger units, never below zero
 */
export function balanceAsOf(records: CardRecords, asOf: { at: Instant; by: AsOfBy }): number {
  const { at, by } = asOf;
  const isKnown = (timed: Timed) => (by === 'event' ? timed.occurredAt : timed.recordedAt) <= at;
  const drawn = new Map<LotId, number>();
  const lapsedAt = new Map<LotId, Instant>();
  for (const record of records.draws) {
    for (const { lotId, amount } of record.draws) {
      if (record.isExpiry) lapsedAt.set(lotId, record.occurredAt);
      if (isKnown(record)) drawn.set(lotId, (drawn.get(lotId) ?? 0) + record.sign * amount);
    }
  }
  let balance = 0;
  for (const lot of records.lots) {
    if (!isKnown(lot)) continue;
    const end = lot.lapses ? (lapsedAt.get(lot.id) ?? records.activeUntil) : lot.expiresAt;
    if (end !== null && end <= at) continue;
    // A late sale may have drawn, by its own time, on what was earned after it.
    balance += Math.max(0, lot.amount - (drawn.get(lot.id) ?? 0));
  }
  return balance;
}
