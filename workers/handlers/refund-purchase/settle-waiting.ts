import type { WaitingRefund } from '../../../domain/refunds/refund-books.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { refundPurchase } from '../../../queues/commands/refund-purchase.ts';
import { envelopeSchema } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { endedJob } from '../command.ts';
import { applyRefund } from './apply-refund.ts';
import type { RefundTransaction } from './refund-transaction.ts';

/**
 * Handles a refund that waits, once more. The caller holds its row, and either has just recorded its
 * sale or let one that was under way come to its end.
 * @param now when its time is up by then it is given up, and put before a person
 * @returns `waiting` when its sale is still not there
 */
export async function settleWaiting(
  transaction: RefundTransaction,
  waiting: WaitingRefund,
  now: Instant,
  ids: IdSource,
): Promise<CommandOutcome> {
  const envelope = envelopeSchema.parse(waiting.message);
  const message = { ...envelope, payload: refundPurchase.payload.parse(envelope.payload) };
  const { subjectId, auditDetail, ...outcome } = await applyRefund(transaction, message, ids);
  if (outcome.status === 'waiting' && waiting.dueAt > now) return outcome;
  const { businessId, jobId } = waiting;
  let end: CommandOutcome = outcome;
  if (outcome.status === 'waiting') {
    end = { status: 'declined', code: 'sale-not-found' };
    const { externalId, occurredAt, storeId, lines, amount, full, reason } = message.payload;
    await transaction.exceptions.raise({
      id: ids.id('exc'),
      businessId,
      kind: 'refund-without-sale',
      jobId,
      detail: {
        saleExternalId: waiting.saleExternalId,
        integration: waiting.integration,
        refund: { externalId, occurredAt, storeId, lines, amount, full, reason },
        receivedAt: message.receivedAt,
      },
    });
  }
  await transaction.finish(endedJob(message, end), {
    id: ids.id('aud'),
    principal: message.principal,
    subjectId: subjectId ?? null,
    detail: auditDetail ?? null,
  });
  await transaction.refunds.stopWaiting(businessId, jobId);
  return end;
}
