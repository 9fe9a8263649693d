import { whyNotUndo } from '../../../domain/counter/award-stamps.ts';
import type { CommandTransaction } from '../../../domain/ledger/command-store.ts';
import type { Role } from '../../../domain/tenancy/permissions.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import type { WorkOutcome } from '../command.ts';
import type { CounterRepos } from '../counter-work.ts';
import { applyRefund } from '../refund-purchase/apply-refund.ts';
import type { RefundRepos } from '../refund-purchase/refund-transaction.ts';

export type UndoRepos = CounterRepos & RefundRepos;

/**
 * Takes back a purchase rung up at a counter: a refund of all of it, by who may undo stamps. Outcomes:
 * `completed` with the refund, or `declined` as `unknown-award`, as domain/counter/award-stamps.ts
 * refuses, or as a refund is.
 */
export async function undoPurchase(
  transaction: UndoRepos & CommandTransaction,
  message: Envelope<PayloadOf<'undo-award'>>,
  ids: IdSource,
): Promise<WorkOutcome> {
  const { businessId, payload, principal, receivedAt } = message;
  const { transactionId } = payload;
  const award = await transaction.counter.findPurchase(businessId, transactionId);
  if (!award) return { status: 'declined', code: 'unknown-award' };
  const code = whyNotUndo({
    award,
    by: `${principal.kind}:${principal.id}`,
    role: principal.role as Role,
    reason: payload.reason ?? null,
    at: Date.parse(receivedAt),
  });
  if (code) return { status: 'declined', code, subjectId: transactionId };
  const refund = {
    sale: { transactionId },
    externalId: message.id,
    occurredAt: receivedAt,
    full: true as const,
    reason: payload.reason,
  };
  const outcome = await applyRefund(transaction, { ...message, payload: refund }, ids);
  const isGone = outcome.status === 'declined' && outcome.code === 'nothing-left-to-refund';
  return isGone ? { ...outcome, code: 'already-undone' } : outcome;
}
