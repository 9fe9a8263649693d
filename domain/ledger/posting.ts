import type { CardId } from '../values/ids.ts';
import type { LotDraw } from './lots.ts';

/**
 * Where amounts come from and go to. A program issues, and takes back what was redeemed, expired or
 * adjusted; a card holds.
 */
export type Account = 'issued' | 'redeemed' | 'expired' | 'adjusted' | 'card';

/**
 * A movement of a positive integer amount between a program's account and a card. Append-only: a
 * correction is a new posting the other way.
 */
export interface Posting {
  cardId: CardId;
  from: Account;
  to: Account;
  /** Ledger units, > 0. */
  amount: number;
  /** Which lots an outgoing amount was drawn from, so that it can be given back to the same ones. */
  draws: readonly LotDraw[];
}

/** What the posting does to its card's balance, in ledger units. */
export function balanceChange(posting: Posting): number {
  return posting.to === 'card' ? posting.amount : -posting.amount;
}
