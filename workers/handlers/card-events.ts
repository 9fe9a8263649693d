import type { CardChange } from '../../domain/ledger/book-entry.ts';
import type { TierChange } from '../../domain/tiers/tiers.ts';
import type { IdSource, TransactionId } from '../../domain/values/ids.ts';
import { presentAmount, type Unit } from '../../domain/values/units.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';

/**
 * The fact that a card's balance has moved.
 * @param moved.change in ledger units; negative where the card has less
 * @param moved.sequence the event's number; the card's last where it is left out
 */
export function balanceChanged(
  card: CardChange['card'],
  moved: { transactionId: TransactionId; change: number; unit: Unit; sequence?: number },
  ids: IdSource,
): OutboxEvent {
  return {
    id: ids.id('evt'),
    type: 'card.balance_changed',
    data: {
      ...cardIdentity(card),
      sequence: moved.sequence ?? card.sequence,
      transactionId: moved.transactionId,
      earned: presentAmount(Math.max(0, moved.change), moved.unit),
      balance: presentAmount(card.balance, moved.unit),
    },
  };
}

/**
 * The fact that a card has another level now.
 * @param change.direction up when it was reached, down at the end of a period; else it was put right
 */
export function tierChanged(
  card: Parameters<typeof cardIdentity>[0],
  { from, to, direction }: TierChange & { direction?: 'up' | 'down' },
  sequence: number,
  ids: IdSource,
): OutboxEvent {
  return {
    id: ids.id('evt'),
    type: 'tier.changed',
    data: {
      ...cardIdentity(card),
      sequence,
      ...(direction && { direction }),
      from,
      to: to.level,
      since: new Date(to.since).toISOString(),
      until: new Date(to.until).toISOString(),
    },
  };
}

/** What every event of a card names it by. */
export function cardIdentity(card: Pick<CardChange['card'], 'id' | 'programId' | 'customerId'>) {
  return { cardId: card.id, programId: card.programId, customerId: card.customerId };
}
