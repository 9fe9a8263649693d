import type { Card } from '../ledger/card.ts';
import { applyDraws, drawFromLots } from '../ledger/lots.ts';
import type { IdSource } from '../values/ids.ts';
import type { Movement } from './card-history.ts';

/** Under the draft there may be less to take than there was in truth; then it takes what there is. */
export function move(card: Card, movement: Movement, ids: IdSource): Card {
  const { at, amount } = movement;
  if (amount > 0) {
    const lot = {
      id: ids.id('lot'),
      cardId: card.id,
      earnedAt: at,
      expiresAt: null,
      remaining: amount,
    };
    return { ...card, balance: card.balance + amount, lots: [...card.lots, lot] };
  }
  const taken = Math.min(card.balance, -amount);
  const lots = applyDraws(card.lots, drawFromLots(card.lots, taken));
  return {
    ...card,
    balance: card.balance - taken,
    lots: lots.filter((lot) => lot.remaining > 0),
  };
}
