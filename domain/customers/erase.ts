import { type CardChange, cardChange } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import type { HeldReward } from '../rewards/reward.ts';
import type { Instant } from '../values/time.ts';

/** What stands where something personal stood. */
export const ERASED = '(erased)';

/**
 * Ends a card for good: what is on it expires, and so do its open rewards. What it owes stays owed
 * in the books, and nothing will ever repay it.
 */
export function closeCard(input: {
  card: Card;
  rewards: readonly HeldReward[];
  at: Instant;
}): CardChange {
  const { card, rewards, at } = input;
  const draws = card.lots.map((lot) => ({ lotId: lot.id, amount: lot.remaining }));
  const events = (card.balance > 0 ? 1 : 0) + rewards.length;
  return cardChange(card, {
    card: {
      ...card,
      balance: 0,
      sequence: card.sequence + events,
      activeUntil: null,
      lots: [],
    },
    postings:
      card.balance > 0
        ? [{ cardId: card.id, from: 'card', to: 'expired', amount: card.balance, draws }]
        : [],
    draws,
    rewardChanges: rewards.map(({ id, version, funding, expiresAt }) => ({
      id,
      version,
      status: 'expired',
      funding,
      expiresAt: Math.min(expiresAt ?? at, at),
    })),
  });
}

/** Fields in which people write what they like. */
const FREE_TEXT = new Set(['reason', 'note']);
/** Fields that may repeat such a text behind words of our own. */
const QUOTING = new Set(['text', 'detail']);

/** Every text that somebody wrote into a document of ours. */
export function writtenTexts(document: unknown): string[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) =>
    typeof value === 'string' && FREE_TEXT.has(key) ? [value] : writtenTexts(value),
  );
}

/**
 * A document without what people wrote into it, nor quotes of that at the end of our own sentences.
 * Everything else stays as it is: amounts, ids, codes.
 */
export function withoutTexts<Document>(document: Document, texts: readonly string[]): Document {
  if (Array.isArray(document)) return document.map((item) => withoutTexts(item, texts)) as Document;
  if (typeof document !== 'object' || document === null) return document;
  const entries = Object.entries(document).map(([key, value]: [string, unknown]) => {
    if (typeof value !== 'string') return [key, withoutTexts(value, texts)];
    if (FREE_TEXT.has(key)) return [key, ERASED];
    return [key, QUOTING.has(key) ? withoutQuote(value, texts) : value];
  });
  return Object.fromEntries(entries) as Document;
}

function withoutQuote(sentence: string, texts: readonly string[]): string {
  const quoted = texts.find((text) => sentence === text || sentence.endsWith(`: ${text}`));
  return quoted === undefined ? sentence : sentence.slice(0, -quoted.length) + ERASED;
}
