import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { WaitingRefund } from '../../../domain/refunds/refund-books.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { endedJob, repeated } from '../command.ts';
import type { Handler } from '../handler.ts';
import { applyRefund, type RefundMessage } from './apply-refund.ts';
import type { RefundRepos } from './refund-transaction.ts';
import { settleWaiting } from './settle-waiting.ts';

export interface RefundPurchaseDependencies {
  store: CommandStore<RefundRepos>;
  ids: IdSource;
}

/**
 * Takes back what a sale gave. Outcomes: see apply-refund.ts. A refund that comes before its sale is
 * `waiting`, and settled with the transaction that records the sale.
 *
 * Refund and sale may be under way at once, each unable to see the other. So a refund that found no
 * sale looks twice: it commits that it waits, and then, in a second transaction, lets a sale that has
 * taken its place in the unique index come to its end before it looks again. A sale takes its place
 * first and then looks for waiting refunds; so whichever comes second finds the first. A crash in
 * between leaves the message in the queue, and it begins again at its second look.
 */
export function createRefundPurchaseHandler(
  dependencies: RefundPurchaseDependencies,
): Handler<'refund-purchase'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const outcome = await firstLook(dependencies, message);
      outcomes.push(
        outcome.status === 'waiting' ? await secondLook(dependencies, message) : outcome,
      );
    }
    return outcomes;
  };
}

function firstLook(
  { store, ids }: RefundPurchaseDependencies,
  message: RefundMessage,
): Promise<CommandOutcome> {
  return store.transact(async (transaction) => {
    // A job that stalled may be handled twice at once; the second finds the first's end.
    await transaction.exclusively(message.id);
    const known = await transaction.findJob(message.businessId, message.id);
    if (known && known.status !== 'failed') return repeated(known);
    const { subjectId, auditDetail, ...outcome } = await applyRefund(transaction, message, ids);
    if (outcome.status === 'waiting' && 'externalId' in message.payload.sale) {
      await transaction.refunds.wait({
        businessId: message.businessId,
        jobId: message.id,
        integration: message.principal.id,
        saleExternalId: message.payload.sale.externalId,
        message,
        receivedAt: Date.parse(message.receivedAt),
      });
    }
    const { principal } = message;
    await transaction.finish(endedJob(message, outcome), {
      id: ids.id('aud'),
      principal,
      subjectId: subjectId ?? null,
      detail: auditDetail ?? null,
    });
    return outcome;
  });
}

function secondLook(
  dependencies: RefundPurchaseDependencies,
  message: RefundMessage,
): Promise<CommandOutcome> {
  const { sale } = message.payload;
  if (!('externalId' in sale)) throw new Error(`${message.id} waits for a sale that we know`);
  return lookAgain(dependencies, {
    businessId: message.businessId,
    jobId: message.id,
    integration: message.principal.id,
    saleExternalId: sale.externalId,
    now: Date.parse(message.receivedAt),
  });
}

/**
 * Looks once more for the sale of a refund that is committed as waiting, and settles the refund when
 * the sale is there, or gives it up when its time is over by `now`.
 */
export function lookAgain(
  { store, ids }: RefundPurchaseDependencies,
  look: Pick<WaitingRefund, 'businessId' | 'jobId' | 'integration' | 'saleExternalId'> & {
    now: Instant;
  },
): Promise<CommandOutcome> {
  const { businessId, jobId, integration, saleExternalId: externalId, now } = look;
  return store.transact(async (transaction) => {
    await transaction.refunds.settleSaleUnderWay(businessId, { integration, externalId });
    const waiting = await transaction.refunds.takeWaiting(businessId, jobId);
    if (waiting) return settleWaiting(transaction, waiting, now, ids);
    // Its sale was quicker, and has settled it.
    const known = await transaction.findJob(businessId, jobId);
    return known ? repeated(known) : { status: 'waiting' };
  });
}
