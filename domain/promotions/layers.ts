import { formatDecimal, parseDecimal } from '../values/decimal.ts';
import type { PromotionId } from '../values/ids.ts';
import { MULTIPLIER_ONE, MULTIPLIER_SCALE } from './promotion.ts';

/** A factor as an exact fraction: a product of multipliers is never rounded on its way. */
export interface Multiplier {
  scaled: bigint;
  /** What `scaled` is divided by; 10^6 unless it is a product. */
  one?: bigint;
}

export const TIMES_ONE: Multiplier = { scaled: MULTIPLIER_ONE };

/** The product of two multipliers, exactly. */
export function times(multiplier: Multiplier, scaled: bigint): Multiplier {
  if (scaled === MULTIPLIER_ONE) return multiplier;
  return {
    scaled: multiplier.scaled * scaled,
    one: (multiplier.one ?? MULTIPLIER_ONE) * MULTIPLIER_ONE,
  };
}

/**
 * One thing that adds to what the rules give: a level's multiplier, a promotion's, or a bonus. Kept
 * with the sale as it applied, so that a refund is judged alike though the promotion has changed.
 */
export interface Layer {
  /** Null for what is written in the program's version: its own promotions and levels. */
  promotionId: PromotionId | null;
  name: string;
  /** Decimal string; null for a bonus. */
  multiplier: string | null;
  /** Ledger units; 0 for a multiplier. */
  bonus: number;
  /** Ledger units that were left in the promotion's budget; null without one. */
  room: number | null;
}

/** A layer as it was kept with a sale. */
export interface JudgedLayer extends Layer {
  /** Ledger units that it gave, after caps. */
  given: number;
}

/** What each layer adds, in ledger units, and what comes of it all. */
export interface Layered {
  /** Ledger units of rules and layers together. */
  amount: number;
  /** The same without any layer. */
  plain: number;
  /** The product of all multipliers. */
  multiplier: Multiplier;
  /** One per layer, in order: what it gives, never more than its room, and what it would give. */
  gifts: readonly { given: number; wanted: number }[];
}

/**
 * Lays promotions over rules, one upon the other. A layer gives the difference it makes, as far as
 * its budget goes. Used for the sale and again, with the same layers, for what is left of it after a
 * refund.
 * @param amountAt what the rules give at a multiplier, rounded once (see `rulesAmount`)
 * @param isPaid whether something that earns was paid for: a bonus is for a purchase
 */
export function applyLayers(
  layers: readonly Layer[],
  { amountAt, isPaid }: { amountAt: (multiplier: Multiplier) => number; isPaid: boolean },
): Layered {
  const plain = amountAt(TIMES_ONE);
  let multiplier = TIMES_ONE;
  let reached = plain;
  let amount = plain;
  const gifts = layers.map((layer) => {
    let wanted = isPaid ? layer.bonus : 0;
    if (layer.multiplier !== null) {
      multiplier = times(multiplier, parseDecimal(layer.multiplier, MULTIPLIER_SCALE));
      const next = amountAt(multiplier);
      wanted = next - reached;
      reached = next;
    }
    const given = Math.min(wanted, layer.room ?? wanted);
    amount += given;
    return { given, wanted };
  });
  return { amount, plain, multiplier, gifts };
}

/**
 * What each layer really gave once caps had their say: what is capped is taken from the last layer
 * first, because the rules themselves were promised to everybody.
 */
export function settleGifts(layered: Layered, amount: number): number[] {
  let left = Math.max(0, amount - layered.plain);
  return layered.gifts.map(({ given }) => {
    const settled = Math.min(given, left);
    left -= settled;
    return settled;
  });
}

/** A scaled multiplier as people write it: `2`, `1.5`. */
export function formatMultiplier(scaled: bigint): string {
  return formatDecimal(scaled, MULTIPLIER_SCALE);
}
