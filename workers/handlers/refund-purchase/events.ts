import type { CardRefund, RecordedRefund } from '../../../domain/refunds/decide-refund.ts';
import type { RefundOutcome } from '../../../domain/refunds/outcome.ts';
import type { CustomerId, IdSource, TransactionId } from '../../../domain/values/ids.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { balanceChanged, tierChanged } from '../card-events.ts';
import { rewardIssued, rewardRevoked } from '../reward-events.ts';

/** The facts that a refund publishes, in the order in which they became true. */
export function refundEvents(
  decision: RecordedRefund,
  refund: { id: TransactionId; outcome: RefundOutcome; customerId: CustomerId | null },
  ids: IdSource,
): OutboxEvent[] {
  const { id, outcome, customerId } = refund;
  return [
    {
      id: ids.id('evt'),
      type: 'transaction.refunded',
      data: {
        transactionId: outcome.id,
        externalId: outcome.externalId,
        originalId: outcome.transactionId,
        storeId: outcome.storeId,
        occurredAt: outcome.occurredAt,
        refunded: outcome.refunded,
        remaining: outcome.remaining,
        customerId,
        cardIds: outcome.cards.map((card) => card.cardId),
      },
    },
    ...decision.cards.flatMap((card) => cardEvents(card, id, ids)),
  ];
}

function cardEvents(
  { card, program, takenBack, perks }: CardRefund,
  transactionId: TransactionId,
  ids: IdSource,
): OutboxEvent[] {
  const { change, revoked = [], issued = [] } = takenBack ?? {};
  const tierChange = perks?.tierChange;
  const hasMoved = change !== undefined && change.postings.length > 0;
  const count = Number(hasMoved) + revoked.length + issued.length + Number(!!tierChange);
  let sequence = card.sequence - count;

  const events: OutboxEvent[] = [];
  if (hasMoved) {
    // Nothing is earned by a refund.
    const moved = { transactionId, change: 0, unit: program.unit, sequence: ++sequence };
    events.push(balanceChanged(card, moved, ids));
  }
  const next = () => ({ card, sequence: ++sequence, transactionId, ids });
  for (const reward of revoked) events.push(rewardRevoked(reward, next()));
  for (const reward of issued) events.push(rewardIssued(reward, next()));
  if (tierChange) events.push(tierChanged(card, tierChange, ++sequence, ids));
  return events;
}
