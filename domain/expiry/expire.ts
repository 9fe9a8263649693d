import { type ExplanationStep, step } from '../earning/explanation.ts';
import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { isValidAt, type Lot } from '../ledger/lots.ts';
import { type Instant, localDate } from '../values/time.ts';
import { describeAmount, type Unit } from '../values/units.ts';

/** What left a card at one instant because it was not used in time. */
export interface CardExpiry {
  /** When it expired, however late that is noticed. */
  expiredAt: Instant;
  /** Ledger units. */
  amount: number;
  change: CardChange;
}

/**
 * Takes from a card what has expired by an instant, one change for each moment at which something
 * did, oldest first. Whoever decides on a card does this first, so that it sees what can be spent and
 * nothing else, however late the sweep is; a card that was swept already comes back as it is.
 */
export function expireLots(card: Card, at: Instant): { card: Card; expiries: CardExpiry[] } {
  const hasExpired = (lot: Lot) => lot.remaining > 0 && !isValidAt(lot, at);
  if (!card.lots.some(hasExpired)) return { card, expiries: [] };
  const expired = card.lots.filter(hasExpired);
  const byInstant = [...Map.groupBy(expired, (lot) => lot.expiresAt ?? 0)].sort(
    ([a], [b]) => a - b,
  );
  const expiries: CardExpiry[] = [];
  let current = card;
  for (const [expiredAt, lots] of byInstant) {
    const expiry = expireTogether(current, lots, expiredAt);
    expiries.push(expiry);
    current = expiry.change.card;
  }
  return { card: current, expiries };
}

/** What expired, in words. */
export function expiryStep(
  { amount, expiredAt }: CardExpiry,
  program: { unit: Unit; zone: string },
): ExplanationStep {
  const day = localDate(expiredAt, program.zone);
  return step(
    'lots-expired',
    `${describeAmount(amount, program.unit)} expired at the end of ${day}`,
  );
}

function expireTogether(card: Card, lots: readonly Lot[], expiredAt: Instant): CardExpiry {
  const amount = lots.reduce((sum, lot) => sum + lot.remaining, 0);
  const draws = lots.map((lot) => ({ lotId: lot.id, amount: lot.remaining }));
  const left = card.lots.filter((lot) => !lots.includes(lot));
  return {
    expiredAt,
    amount,
    change: cardChange(card, {
      card: {
        ...card,
        balance: card.balance - amount,
        sequence: card.sequence + 1,
        lots: left,
        activeUntil: left.some((lot) => lot.lapses) ? card.activeUntil : null,
      },
      postings: [{ cardId: card.id, from: 'card', to: 'expired', amount, draws }],
      draws,
    }),
  };
}
