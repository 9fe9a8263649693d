import { step } from '../../../domain/earning/explanation.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { describeRestored } from '../../../domain/refunds/outcome.ts';
import type { RestoredUse } from '../../../domain/refunds/restore-used.ts';
import { presentReward } from '../../../domain/rewards/present.ts';
import { heldFrom } from '../../../domain/rewards/restore.ts';
import type { IdSource, StoreId, TransactionId } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { rewardIssued, rewardReversed } from '../reward-events.ts';

/** Who writes down what a refund gives back beside what it takes. */
export const INTEGRATION = 'system:rewards';

/** What gives back is part of. */
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
      reward: presentReward(heldFrom(restored.reward), program, at),
      explanation: [step('reward-restored', describeRestored(use))],
    },
    newCustomer: null,
    cards: [change],
    events: [
      rewardReversed(reward, restored.reward.id, place(card.sequence - 1)),
      rewardIssued(restored.reward, place(card.sequence)),
    ],
  };
}
