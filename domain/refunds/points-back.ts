import { giveBack, type GivenBack } from '../expiry/give-back.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import {
  applyDraws,
  drawFromLots,
  isValidAt,
  type Lot,
  type LotDraw,
  withEmptied,
} from '../ledger/lots.ts';
import { netDraws, type Posting } from '../ledger/posting.ts';
import { validBalance } from '../ledger/spend.ts';
import { type Program, versionAt } from '../programs/program.ts';
import { roundHalfUpDiv, toSafeInteger } from '../values/decimal.ts';
import type { CardId, IdSource, RewardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import { ledgerUnitsPerWhole } from '../values/units.ts';

/** Points that a sale was paid with. */
export interface SpentPoints {
  /** The card they came from, or what carries it on. */
  cardId: CardId;
  /** In the order in which lots were spent. */
  draws: readonly LotDraw[];
  /** Every lot among them, with what it holds now. */
  lots: readonly Lot[];
}

/** What a refund gives back of the points that paid for its sale. */
export interface PointsBack {
  program: Program;
  /** Ledger units, > 0. */
  amount: number;
  /** Of those, what repaid what the card owed. */
  repaid: number;
  change: CardChange;
}

/**
 * Ledger units of a payment that what is left of its sale still uses: in proportion to the money,
 * as a whole, so that what parts give back always sums to exactly what was paid.
 * @param left minor units left of the sale and what it was in all
 */
export function stillUsed(
  paid: number,
  left: { remaining: number; total: number; soldAt: Instant },
  program: Program,
): number {
  const { remaining, total, soldAt } = left;
  const grain = versionAt(program, soldAt)?.carryFractions ? 1 : ledgerUnitsPerWhole(program.unit);
  const exact = BigInt(paid) * BigInt(remaining);
  return toSafeInteger(roundHalfUpDiv(exact, BigInt(total) * BigInt(grain))) * grain;
}

/**
 * Gives points back to the lots that they were spent from, what was spent last first, as if that much
 * less had been spent. What the card owes is paid first, as an earning would pay it.
 * @param back ledger units: what is given back now, > 0, and what earlier refunds gave back
 */
export function givePointsBack(
  spent: SpentPoints,
  back: { amount: number; before: number },
  context: { card: Card; program: Program; at: Instant },
  ids: IdSource,
): PointsBack {
  const { card, program, at } = context;
  const { amount } = back;
  const returned = giveBack(
    lastSpent(spent.draws, back),
    spent.lots,
    { cardId: card.id, at, zone: program.zone },
    ids,
  );
  const lots = [...card.lots, ...returned.newLots];
  const debt = Math.min(card.debt, validBalance({ lots }, at) + total(returned.draws));
  const change = arrive(card, { back: returned, lots: spent.lots, repaid: debt, at });
  return { program, amount, repaid: debt, change };
}

/**
 * What comes back from having been spent arrives on its card, and pays some of what the card owes.
 * @param came.lots those of `back`, empty ones too
 * @param came.repaid ledger units, at most what the card holds and owes by then
 * @param came.rewardId what it had been spent on
 */
export function arrive(
  card: Card,
  came: {
    back: GivenBack;
    lots: readonly Lot[];
    repaid: number;
    at: Instant;
    rewardId?: RewardId;
  },
): CardChange {
  const { back, repaid, at, rewardId } = came;
  const cardId = card.id;
  const given = { cardId, from: 'redeemed', to: 'card', ...(rewardId && { rewardId }) } as const;
  const lots = lotsAfter(card, came.lots, back);
  const repayment = drawFromLots(
    lots.filter((lot) => isValidAt(lot, at)),
    repaid,
  );
  const all: Posting[] = [
    { ...given, amount: total(back.draws), draws: back.draws },
    { ...given, amount: total(back.newLots), draws: [] },
    { cardId, from: 'card', to: 'debt', amount: repaid, draws: repayment },
  ];
  const postings = all.filter((posting) => posting.amount > 0);
  const left = applyDraws(lots, repayment);
  const remainingOf = new Map(left.map((lot) => [lot.id, lot.remaining]));
  const fresh = new Set(back.newLots.map((lot) => lot.id));
  return cardChange(card, {
    card: {
      ...card,
      balance: card.balance + total(back.draws) + total(back.newLots) - repaid,
      debt: card.debt - repaid,
      sequence: card.sequence + 1,
      lots: left.filter((lot) => lot.remaining > 0),
    },
    postings,
    newLots: back.newLots.map((lot) => ({
      ...lot,
      remaining: remainingOf.get(lot.id) ?? lot.remaining,
    })),
    draws: netDraws(postings).filter(({ lotId }) => !fresh.has(lotId)),
  });
}

/** The end of what was spent, less what has been given back of it before. */
function lastSpent(
  draws: readonly LotDraw[],
  { amount, before }: { amount: number; before: number },
): LotDraw[] {
  let skip = before;
  let wanted = amount;
  const last: LotDraw[] = [];
  for (const draw of draws.toReversed()) {
    const skipped = Math.min(skip, draw.amount);
    const taken = Math.min(wanted, draw.amount - skipped);
    skip -= skipped;
    wanted -= taken;
    if (taken > 0) last.push({ lotId: draw.lotId, amount: taken });
  }
  return last;
}

/** The card's lots with what came back to them; those that it had emptied are there again. */
function lotsAfter(
  card: Card,
  spent: readonly Lot[],
  { draws, newLots }: { draws: readonly LotDraw[]; newLots: readonly Lot[] },
): Lot[] {
  const back = draws.map(({ lotId, amount }) => ({ lotId, amount: -amount }));
  return [...applyDraws(withEmptied(card.lots, spent), back), ...newLots];
}

function total(parts: readonly { amount: number }[]): number {
  let amount = 0;
  for (const part of parts) amount += part.amount;
  return amount;
}
