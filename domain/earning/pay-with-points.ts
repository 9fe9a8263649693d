import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { spend, validBalance } from '../ledger/spend.ts';
import { participates, type Program, versionAt } from '../programs/program.ts';
import { formatMoney } from '../values/money.ts';
import { parseDecimal, toSafeInteger } from '../values/decimal.ts';
import {
  describeAmount,
  MICRO_POINTS_PER_POINT,
  presentAmount,
  spendable,
} from '../values/units.ts';
import type { BusinessConfig, KnownCustomer, RecordPurchase } from './decide-purchase.ts';
import type { PointsSpent } from './outcome.ts';
import { paidWithPoints } from './purchase.ts';

/** What a sale that was paid with points takes from the customer's card. */
export type PointPayment =
  | { kind: 'none' }
  | { kind: 'refused'; code: 'card-blocked' | 'insufficient-balance' }
  | {
      kind: 'paid';
      program: Program;
      /** Ledger units, whole points. */
      amount: number;
      /** What they paid for, in minor units of the program's currency. */
      paidMinor: number;
      change: CardChange;
    };

const VALUE_SCALE = 6;

/**
 * Spends the points that a sale was paid with, where a program of the store says what a point is
 * worth; of several, the one that the customer has a card of, and then the first. Only whole points
 * can be spent, so the last one is rounded up. Where no program says so, such a tender is the till's
 * own affair and only lowers what the sale earns.
 */
export function payWithPoints(
  sale: RecordPurchase,
  config: BusinessConfig,
  customer: KnownCustomer,
): PointPayment {
  const paidMinor = paidWithPoints(sale);
  const store = config.stores.find((s) => s.id === sale.storeId);
  if (paidMinor === 0 || !store) return { kind: 'none' };
  const cards = customer.kind === 'known' ? customer.cards : [];
  const takers = config.programs.filter(
    (program) =>
      program.unit === 'point' &&
      program.currency === sale.currency &&
      participates(program, store) &&
      pointValue(program, sale) !== undefined,
  );
  const program = takers.find(({ id }) => cards.some((c) => c.programId === id)) ?? takers[0];
  const value = program && pointValue(program, sale);
  if (!program || value === undefined) return { kind: 'none' };
  const card = cards.find(({ programId }) => programId === program.id);
  if (!card) return { kind: 'refused', code: 'insufficient-balance' };
  if (card.status !== 'active') return { kind: 'refused', code: 'card-blocked' };
  const amount = pointsFor(paidMinor, value);
  const at = sale.occurredAt;
  if (amount > spendable(validBalance(card, at), program.unit)) {
    return { kind: 'refused', code: 'insufficient-balance' };
  }
  return { kind: 'paid', program, amount, paidMinor, change: spendOn(card, amount, at) };
}

/** What a point was worth when the sale occurred; undefined where it pays for nothing. */
function pointValue(program: Program, { occurredAt }: RecordPurchase): string | undefined {
  return versionAt(program, occurredAt)?.pointValueMinor;
}

/** Whole points that cover an amount, in ledger units. */
function pointsFor(paidMinor: number, pointValueMinor: string): number {
  const value = parseDecimal(pointValueMinor, VALUE_SCALE);
  const scaled = BigInt(paidMinor) * 10n ** BigInt(VALUE_SCALE);
  return toSafeInteger((scaled + value - 1n) / value) * MICRO_POINTS_PER_POINT;
}

function spendOn(card: Card, amount: number, at: number): CardChange {
  const { balance, lots, posting, draws } = spend(card, { amount, at });
  return cardChange(card, {
    card: {
      ...card,
      balance,
      sequence: card.sequence + 1,
      lots: lots.filter((lot) => lot.remaining > 0),
    },
    postings: [posting],
    draws,
  });
}

/** A customer whose card has changed. */
export function withCard(customer: KnownCustomer, card: Card): KnownCustomer {
  if (customer.kind !== 'known') return customer;
  return { ...customer, cards: customer.cards.map((c) => (c.id === card.id ? card : c)) };
}

/** A payment as the answer to its sale tells it. */
export function presentSpending({
  change,
  program,
  amount,
  paidMinor,
}: Extract<PointPayment, { kind: 'paid' }>): PointsSpent {
  const money = formatMoney({ amount: paidMinor, currency: program.currency });
  return {
    cardId: change.card.id,
    programId: program.id,
    amount: presentAmount(amount, program.unit),
    balance: presentAmount(change.card.balance, program.unit),
    text: `${describeAmount(amount, program.unit)} paid for ${money}`,
  };
}
