import { lotExpiry, type LotExpiry, withActivity } from '../expiry/lot-expiry.ts';
import type { BookEntry, CardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { NewLot } from '../ledger/lots.ts';
import { type Program, versionAt } from '../programs/program.ts';
import type { IdSource } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** An opening balance is one posting and one lot. */
export type OpeningChange = CardChange & { newLots: readonly [NewLot] };

/** The entry with which an import opens somebody's card. */
export interface Opening extends Omit<BookEntry, 'events'> {
  cards: readonly [OpeningChange];
}

/** When an opening balance on a card expires: as if it had been earned at that moment. */
export function openingExpiry(program: Program, card: Card, at: Instant): LotExpiry {
  const version = versionAt(program, at);
  if (!version) return { expiresAt: null, lapses: false };
  return lotExpiry(version.expiry, { at, zone: program.zone, card });
}

/**
 * Puts on a card what a customer brings along from the system before, as one lot. It mints no
 * rewards: the next purchase does.
 * @param amount ledger units, > 0
 */
export function giveOpeningBalance(
  input: { card: Card; isNewCard: boolean; amount: number; at: Instant; expiry: LotExpiry },
  ids: IdSource,
): OpeningChange {
  const { card, isNewCard, amount, at, expiry } = input;
  const id = ids.id('lot');
  const lot = { id, cardId: card.id, earnedAt: at, ...expiry, amount, remaining: amount };
  const activeUntil = expiry.lapses ? expiry.expiresAt : card.activeUntil;
  return {
    card: {
      ...card,
      activeUntil,
      balance: card.balance + amount,
      sequence: card.sequence + 1,
      lots: withActivity([...card.lots, lot], activeUntil),
    },
    balanceBefore: card.balance,
    debtBefore: card.debt,
    isNewCard,
    postings: [{ cardId: card.id, from: 'adjusted', to: 'card', amount, draws: [] }],
    newLots: [lot],
    draws: [],
    rewards: [],
    rewardChanges: [],
  };
}
