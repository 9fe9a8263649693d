import { type BookEntry, type CardChange, requireBalance } from './book-entry.ts';

type Said =
  | 'id'
  | 'businessId'
  | 'kind'
  | 'integration'
  | 'externalId'
  | 'requestHash'
  | 'occurredAt'
  | 'businessDate'
  | 'receipt'
  | 'outcome'
  | 'events';

/** An entry that changes one card: what has to be said of it, and what may be. */
export type CardEntry = Pick<BookEntry, Said> & Partial<BookEntry> & { change: CardChange };

/**
 * An entry that changes one card. Left out, it was received when it occurred, belongs to no store and
 * no other entry, and is nothing that can be refunded.
 * @throws Error when the change does not balance: nothing may be written then
 */
export function cardEntry({ change, ...said }: CardEntry): BookEntry {
  requireBalance(change);
  return {
    storeId: null,
    customerId: change.card.customerId,
    status: 'recorded',
    receivedAt: said.occurredAt,
    originalId: null,
    judgement: null,
    newCustomer: null,
    cards: [change],
    ...said,
  };
}
