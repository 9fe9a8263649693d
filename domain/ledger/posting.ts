import type { CardId, RewardId } from '../values/ids.ts';
import { type LotDraw, sumDraws } from './lots.ts';

/**
 * Where amounts come from and go to. A program issues, and takes back what was redeemed, expired or
 * adjusted; a card holds. What a card owes comes from `debt` when it arises (debt → issued) and goes
 * back to it when it is repaid (card → debt). When two cards become one, what the one gives goes
 * through `merged` to the other.
 */
export type Account = 'issued' | 'redeemed' | 'expired' | 'adjusted' | 'card' | 'debt' | 'merged';

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
  /**
   * Which lots an outgoing amount was drawn from, or an incoming one was given back to; empty for an
   * earning, which is a lot of its own, and for a debt that arises.
   */
  draws: readonly LotDraw[];
  /** The reward it paid for or came back from. */
  rewardId?: RewardId;
}

/** What the posting does to its card's balance, in ledger units. */
export function balanceChange(posting: Posting): number {
  if (posting.to === 'card') return posting.amount;
  return posting.from === 'card' ? -posting.amount : 0;
}

/** What the posting does to its card's debt, in ledger units. */
export function debtChange(posting: Posting): number {
  if (posting.from === 'debt') return posting.amount;
  return posting.to === 'debt' ? -posting.amount : 0;
}

/** What postings did to lots: positive where they drew, negative where they gave back. */
export function netDraws(postings: readonly Posting[]): LotDraw[] {
  const signed = postings.flatMap(({ to, draws }) =>
    draws.map(({ lotId, amount }) => ({ lotId, amount: to === 'card' ? -amount : amount })),
  );
  return sumDraws(signed).filter((draw) => draw.amount !== 0);
}
