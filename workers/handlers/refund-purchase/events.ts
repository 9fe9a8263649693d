import type { CardRefund, RecordedRefund } from '../../../domain/refunds/decide-refund.ts';
import type { RefundOutcome } from '../../../domain/refunds/outcome.ts';
import type { CustomerId, IdSource } from '../../../domain/values/ids.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { cardIdentity, tierChanged } from '../card-events.ts';

/** The facts that a refund publishes, in the order in which they became true. */
export function refundEvents(
  decision: RecordedRefund,
  refund: { outcome: RefundOutcome; customerId: CustomerId | null },
  ids: IdSource,
): OutboxEvent[] {
  const { outcome, customerId } = refund;
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
    ...decision.cards.flatMap((card) => cardEvents(card, outcome.id, ids)),
  ];
}

function cardEvents(
  { card, program, takenBack, perks }: CardRefund,
  transactionId: string,
  ids: IdSource,
): OutboxEvent[] {
  const { change, revoked = [], issued = [] } = takenBack ?? {};
  const tierChange = perks?.tierChange;
  const identity = cardIdentity(card);
  const balanceChanged = change !== undefined && change.postings.length > 0;
  const count = Number(balanceChanged) + revoked.length + issued.length + Number(!!tierChange);
  let sequence = card.sequence - count;

  const events: OutboxEvent[] = [];
  if (balanceChanged) {
    events.push({
      id: ids.id('evt'),
      type: 'card.balance_changed',
      data: {
        ...identity,
        sequence: ++sequence,
        transactionId,
        earned: presentAmount(0, program.unit),
        balance: presentAmount(card.balance, program.unit),
      },
    });
  }
  for (const { id: rewardId, name } of revoked) {
    events.push({
      id: ids.id('evt'),
      type: 'reward.revoked',
      data: { ...identity, sequence: ++sequence, transactionId, rewardId, name },
    });
  }
  for (const reward of issued) {
    const { id: rewardId, definitionId, name, expiresAt } = reward;
    events.push({
      id: ids.id('evt'),
      type: 'reward.issued',
      data: {
        ...identity,
        sequence: ++sequence,
        transactionId,
        rewardId,
        definitionId,
        name,
        expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      },
    });
  }
  if (tierChange) events.push(tierChanged(card, tierChange, ++sequence, ids));
  return events;
}
