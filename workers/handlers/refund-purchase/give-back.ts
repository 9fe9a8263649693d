import { step } from '../../../domain/earning/explanation.ts';
import { type BookEntry, isBalanced } from '../../../domain/ledger/book-entry.ts';
import { describeRestored, explainPointsBack } from '../../../domain/refunds/outcome.ts';
import type { PointsBack } from '../../../domain/refunds/points-back.ts';
import type { RestoredUse } from '../../../domain/refunds/restore-used.ts';
import { presentReward } from '../../../domain/rewards/present.ts';
import { heldFrom } from '../../../domain/rewards/restore.ts';
import type { IdSource, StoreId, TransactionId } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import { presentAmount } from '../../../domain/values/units.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { balanceChanged, cardIdentity } from '../card-events.ts';
import { rewardIssued, rewardReversed } from '../reward-events.ts';

/** Who writes down what a refund gives back beside what it takes. */
const INTEGRATION = 'system:rewards';

/** The refund that gives back. */
export interface GivingRefund {
  id: TransactionId;
  saleId: TransactionId;
  message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>;
  storeId: StoreId;
  at: Instant;
}

/**
 * A reward that a refund gives back, as an entry of the books beside the refund's: it may be on
 * another customer's card than what the sale earned.
 */
export function restoredEntry(use: RestoredUse, refund: GivingRefund, ids: IdSource): BookEntry {
  const { reward, restored, program, change } = use;
  const { message, saleId, storeId, at } = refund;
  const { card } = change;
  const id = ids.id('txn');
  const place = (sequence: number) => ({ card, sequence, transactionId: id, ids });
  return {
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${refund.id}/${reward.id}`,
    requestHash: message.requestHash,
    storeId,
    customerId: card.customerId,
    status: 'recorded',
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId: saleId,
    receipt: { refundId: refund.id, rewardId: reward.id },
    judgement: null,
    outcome: {
      id,
      ...(restored
        ? { reward: presentReward(heldFrom(restored.reward), program, at) }
        : { cardId: card.id, programId: program.id }),
      explanation: [step('reward-restored', describeRestored(use))],
    },
    newCustomer: null,
    cards: [change],
    events: restored
      ? [
          rewardReversed(reward, restored.reward.id, place(card.sequence - 1)),
          rewardIssued(restored.reward, place(card.sequence)),
        ]
      : settledEvents(use, id, ids),
  };
}

/** Points that a refund gives back, as an entry of the books before the refund's. */
export function pointsBackEntry(back: PointsBack, refund: GivingRefund, ids: IdSource): BookEntry {
  const { program, amount, change } = back;
  const { message, saleId, storeId, at } = refund;
  const { card } = change;
  const { unit } = program;
  if (!isBalanced(change)) throw new Error(`the books would not balance on ${card.id}`);
  const id = ids.id('txn');
  return {
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${refund.id}/points`,
    requestHash: message.requestHash,
    storeId,
    customerId: card.customerId,
    status: 'recorded',
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId: saleId,
    receipt: { refundId: refund.id },
    judgement: null,
    outcome: {
      id,
      cardId: card.id,
      programId: program.id,
      amount: presentAmount(amount, unit),
      balance: presentAmount(card.balance, unit),
      explanation: explainPointsBack(back),
    },
    newCustomer: null,
    cards: [change],
    events: [balanceChanged(change, { transactionId: id, change: amount, unit }, ids)],
  };
}

function settledEvents(
  { reward, program, change, repaid }: RestoredUse,
  transactionId: TransactionId,
  ids: IdSource,
): OutboxEvent[] {
  const { card } = change;
  const before = { ...change, card: { ...card, sequence: card.sequence - 1 } };
  const moved = { transactionId, change: reward.cost - repaid, unit: program.unit };
  const { id: rewardId, name } = reward;
  const data = { ...cardIdentity(card), sequence: card.sequence, transactionId, rewardId, name };
  return [balanceChanged(before, moved, ids), { id: ids.id('evt'), type: 'reward.revoked', data }];
}
