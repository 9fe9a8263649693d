import { type CardExpiry, expireLots, expiryStep } from '../../domain/expiry/expire.ts';
import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../domain/ledger/card-entry.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Program } from '../../domain/programs/program.ts';
import type { BusinessId, IdSource } from '../../domain/values/ids.ts';
import { type Instant, localDate } from '../../domain/values/time.ts';
import { presentAmount } from '../../domain/values/units.ts';
import { hashRequest } from '../../queues/job-id.ts';
import { balanceChanged } from './card-events.ts';

/**
 * What expired on a card, as an entry of the books. It occurred when it expired, however late it is
 * written. No job and no key of a client stands behind it: its external id is the card's number of
 * the event, so a lot that is gone cannot be taken twice.
 */
export function expiryEntry(
  expiry: CardExpiry,
  of: { businessId: BusinessId; program: Program; receivedAt: Instant },
  ids: IdSource,
): BookEntry {
  const { businessId, program, receivedAt } = of;
  const { change, expiredAt } = expiry;
  const { card } = change;
  const { unit } = program;
  const id = ids.id('txn');
  const receipt = {
    cardId: card.id,
    expiredAt: new Date(expiredAt).toISOString(),
    lots: change.draws.map(({ lotId }) => lotId),
  };
  return cardEntry({
    id,
    businessId,
    kind: 'expiry',
    integration: 'system',
    externalId: `${card.id}/${card.sequence}`,
    requestHash: hashRequest(receipt),
    occurredAt: expiredAt,
    receivedAt,
    businessDate: localDate(expiredAt, program.zone),
    receipt,
    outcome: {
      id,
      cardId: card.id,
      programId: program.id,
      unit,
      amount: presentAmount(-expiry.amount, unit),
      balance: presentAmount(card.balance, unit),
      explanation: [expiryStep(expiry, program)],
    },
    change,
    events: [balanceChanged(card, { transactionId: id, change: -expiry.amount, unit }, ids)],
  });
}

/**
 * Books whose cards hold only what can be spent: what has expired by now and was not swept yet goes
 * into the books when a card is locked, in the same transaction. No command can spend it, and none
 * has to think of it.
 */
export function withoutExpired(
  books: LedgerBooks,
  options: { ids: IdSource; now: () => Instant },
): LedgerBooks {
  const { ids, now } = options;
  async function settle(businessId: BusinessId, cards: readonly Card[]): Promise<Card[]> {
    const at = now();
    const settled = cards.map((card) => expireLots(card, at));
    if (settled.every(({ expiries }) => expiries.length === 0)) return [...cards];
    const config = await books.loadConfig(businessId);
    const entries = settled.flatMap(({ card, expiries }) => {
      const program = config?.programs.find((p) => p.id === card.programId);
      if (!program) throw new Error(`no program ${card.programId}`);
      return expiries.map((expiry) =>
        expiryEntry(expiry, { businessId, program, receivedAt: at }, ids),
      );
    });
    await books.write(entries);
    return settled.map(({ card }) => card);
  }
  return {
    ...books,
    async lockCard(businessId, cardId) {
      const card = await books.lockCard(businessId, cardId);
      return card && (await settle(businessId, [card]))[0];
    },
    async lockCards(businessId, customerIds) {
      return settle(businessId, await books.lockCards(businessId, customerIds));
    },
  };
}
