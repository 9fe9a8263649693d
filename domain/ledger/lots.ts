import type { CardId, LotId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** What one earning left on a card: spent in order, and expiring, as one piece. */
export interface Lot {
  id: LotId;
  cardId: CardId;
  earnedAt: Instant;
  /** From this instant on it cannot be spent, whether the sweep has been or not. */
  expiresAt: Instant | null;
  /** Whether it expires with its card's inactivity: `expiresAt` is then the card's `activeUntil`. */
  lapses?: boolean;
  /** Ledger units still unspent, ≥ 0. */
  remaining: number;
}

/** A lot as it is first written: it may have been drawn from within the same entry. */
export interface NewLot extends Lot {
  /** What it held when it was earned, in ledger units, > 0. */
  amount: number;
}

export interface LotDraw {
  lotId: LotId;
  /** Ledger units, > 0. */
  amount: number;
}

/** Whether a lot can be spent at an instant. */
export function isValidAt(lot: Pick<Lot, 'expiresAt'>, at: Instant): boolean {
  return lot.expiresAt === null || lot.expiresAt > at;
}

/**
 * Takes an amount from lots: earliest expiry first, then earliest earned, then id, so that customers
 * lose as little as possible to expiry and the choice is the same on every machine.
 * @throws RangeError when the lots hold less; callers decide on the balance before they draw.
 */
export function drawFromLots(lots: readonly Lot[], amount: number): LotDraw[] {
  const draws: LotDraw[] = [];
  let missing = amount;
  for (const lot of lots.toSorted(bySpendingOrder)) {
    if (missing === 0) break;
    const taken = Math.min(lot.remaining, missing);
    if (taken === 0) continue;
    draws.push({ lotId: lot.id, amount: taken });
    missing -= taken;
  }
  if (missing > 0) throw new RangeError(`lots hold ${amount - missing} of ${amount}`);
  return draws;
}

/** The lots after draws; those that are not drawn from are returned as they are. */
export function applyDraws(lots: readonly Lot[], draws: readonly LotDraw[]): Lot[] {
  const takenByLot = new Map(sumDraws(draws).map((draw) => [draw.lotId, draw.amount]));
  return lots.map((lot) => {
    const taken = takenByLot.get(lot.id);
    return taken === undefined ? lot : { ...lot, remaining: lot.remaining - taken };
  });
}

/**
 * A card's open lots, and with them others that it had: those that are no longer open are empty,
 * whatever they held when they were read.
 */
export function withEmptied(open: readonly Lot[], others: readonly Lot[]): Lot[] {
  const isOpen = new Set(open.map((lot) => lot.id));
  const emptied = others.filter((lot) => !isOpen.has(lot.id));
  return [...open, ...emptied.map((lot) => ({ ...lot, remaining: 0 }))];
}

/** One draw per lot: several rewards minted at once may have drawn from the same one. */
export function sumDraws(draws: readonly LotDraw[]): LotDraw[] {
  const amountByLot = new Map<LotId, number>();
  for (const { lotId, amount } of draws) {
    amountByLot.set(lotId, (amountByLot.get(lotId) ?? 0) + amount);
  }
  return [...amountByLot].map(([lotId, amount]) => ({ lotId, amount }));
}

function bySpendingOrder(a: Lot, b: Lot): number {
  return (
    (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity) ||
    a.earnedAt - b.earnedAt ||
    (a.id < b.id ? -1 : 1)
  );
}
