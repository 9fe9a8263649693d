import { step } from '../../../domain/earning/explanation.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
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
import { balanceChanged } from '../card-events.ts';
import { rewardIssued, rewardReversed, rewardRevoked } from '../reward-events.ts';

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
  return cardEntry({
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${refund.id}/${reward.id}`,
    requestHash: message.requestHash,
    storeId,
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId: saleId,
    receipt: { refundId: refund.id, rewardId: reward.id },
    outcome: {
      id,
      ...(restored
        ? { reward: presentReward(heldFrom(restored.reward), program, at) }
        : { cardId: card.id, programId: program.id }),
      explanation: [step('reward-restored', describeRestored(use))],
    },
    change,
    events: restored
      ? [
          rewardReversed(reward, restored.reward.id, place(card.sequence - 1)),
          rewardIssued(restored.reward, place(card.sequence)),
        ]
      : settledEvents(use, id, ids),
  });
}

/** Points that a refund gives back, as an entry of the books before the refund's. */
export function pointsBackEntry(back: PointsBack, refund: GivingRefund, ids: IdSource): BookEntry {
  const { program, amount, change } = back;
  const { message, saleId, storeId, at } = refund;
  const { card } = change;
  const { unit } = program;
  const id = ids.id('txn');
  return cardEntry({
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${refund.id}/points`,
    requestHash: message.requestHash,
    storeId,
    occurredAt: at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(at, program.zone),
    originalId: saleId,
    receipt: { refundId: refund.id },
    outcome: {
      id,
      cardId: card.id,
      programId: program.id,
      amount: presentAmount(amount, unit),
      balance: presentAmount(card.balance, unit),
      explanation: explainPointsBack(back),
    },
    change,
    events: [balanceChanged(card, { transactionId: id, change: amount, unit }, ids)],
  });
}

function settledEvents(
  { reward, program, change, repaid }: RestoredUse,
  transactionId: TransactionId,
  ids: IdSource,
): OutboxEvent[] {
  const { card } = change;
  const { sequence } = card;
  const moved = { transactionId, change: reward.cost - repaid, unit: program.unit };
  return [
    balanceChanged(card, { ...moved, sequence: sequence - 1 }, ids),
    rewardRevoked(reward, { card, sequence, transactionId, ids }),
  ];
}
