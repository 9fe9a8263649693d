import type { RecordedPurchase } from '../../../domain/earning/decide-purchase.ts';
import type { CardDecision } from '../../../domain/earning/earn.ts';
import type { PurchaseOutcome } from '../../../domain/earning/outcome.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import { tierChanged } from '../card-events.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';

/** The facts that a recorded purchase publishes, in the order in which they became true. */
export function purchaseEvents(
  decision: RecordedPurchase,
  outcome: PurchaseOutcome,
  ids: IdSource,
): OutboxEvent[] {
  const events: OutboxEvent[] = [];
  if (decision.isNewCustomer && decision.customerId) {
    events.push({
      id: ids.id('evt'),
      type: 'customer.enrolled',
      data: { customerId: decision.customerId, storeId: outcome.storeId },
    });
  }
  events.push({
    id: ids.id('evt'),
    type: 'transaction.recorded',
    data: {
      transactionId: outcome.id,
      externalId: outcome.externalId,
      storeId: outcome.storeId,
      status: outcome.status,
      occurredAt: outcome.occurredAt,
      total: outcome.total,
      customerId: outcome.customerId,
      cardIds: outcome.cards.map((card) => card.cardId),
    },
  });
  for (const card of decision.cards) events.push(...cardEvents(card, outcome.id, ids));
  return events;
}

function cardEvents(decision: CardDecision, transactionId: string, ids: IdSource): OutboxEvent[] {
  const { card, program } = decision;
  const identity = { cardId: card.id, programId: card.programId, customerId: card.customerId };
  const balanceChanged = decision.postings.length > 0;
  const tierChange = decision.perks?.tierChange;
  const count =
    Number(decision.isNewCard) +
    Number(balanceChanged) +
    decision.rewards.length +
    Number(Boolean(tierChange));
  let sequence = card.sequence - count;

  const events: OutboxEvent[] = [];
  if (decision.isNewCard) {
    events.push({
      id: ids.id('evt'),
      type: 'card.opened',
      data: { ...identity, sequence: ++sequence },
    });
  }
  if (balanceChanged) {
    events.push({
      id: ids.id('evt'),
      type: 'card.balance_changed',
      data: {
        ...identity,
        sequence: ++sequence,
        transactionId,
        earned: presentAmount(decision.earned, program.unit),
        balance: presentAmount(card.balance, program.unit),
      },
    });
  }
  for (const reward of decision.rewards) {
    events.push({
      id: ids.id('evt'),
      type: 'reward.issued',
      data: {
        ...identity,
        sequence: ++sequence,
        transactionId,
        rewardId: reward.id,
        definitionId: reward.definitionId,
        name: reward.name,
        expiresAt: reward.expiresAt === null ? null : new Date(reward.expiresAt).toISOString(),
      },
    });
  }
  if (tierChange)
    events.push(tierChanged(card, { ...tierChange, direction: 'up' }, ++sequence, ids));
  return events;
}
