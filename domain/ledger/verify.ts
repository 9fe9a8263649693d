import type { BusinessId, CardId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** A card beside the sums of what its balance and debt are a cache of; ledger units. */
export interface CardSums {
  cardId: CardId;
  balance: number;
  debt: number;
  /** What postings brought onto the card less what they took off. */
  posted: number;
  /** What postings say is owed. */
  owed: number;
  /** What is left in its lots. */
  inLots: number;
}

export type LedgerRule = 'balance-is-postings' | 'balance-is-lots' | 'debt-is-postings';

export interface LedgerDifference {
  cardId: CardId;
  rule: LedgerRule;
  expected: number;
  found: number;
}

/** What does not hold on a card; nothing when its books are right. */
export function verifyCard(sums: CardSums): LedgerDifference[] {
  const { cardId, balance, debt } = sums;
  const rules: [LedgerRule, expected: number, found: number][] = [
    ['balance-is-postings', sums.posted, balance],
    ['balance-is-lots', sums.inLots, balance],
    ['debt-is-postings', sums.owed, debt],
  ];
  return rules
    .filter(([, expected, found]) => expected !== found)
    .map(([rule, expected, found]) => ({ cardId, rule, expected, found }));
}

/** The books as the verifier sees them, inside its transaction. */
export interface VerifierBooks {
  /** The next cards of a business in id order, each with its sums of one moment. */
  sumCards(
    businessId: BusinessId,
    page: { after: CardId | undefined; limit: number },
  ): Promise<CardSums[]>;
  /** Keeps what was found; what was found before keeps its first time. */
  noteDifferences(
    businessId: BusinessId,
    at: Instant,
    differences: readonly LedgerDifference[],
  ): Promise<void>;
  /** Keeps that a run came to its end, and what it counted. */
  noteCheck(
    businessId: BusinessId,
    check: { startedAt: Instant; finishedAt: Instant; cards: number; differences: number },
  ): Promise<void>;
}
