import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { CommandStore, CommandTransaction } from '../../domain/ledger/command-store.ts';
import { type Approval, type Approvals, refuseDecision } from '../../domain/tenancy/approval.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { adjustCard } from '../../queues/commands/adjust-card.ts';
import { makeAdjustment } from './adjust-card/make-adjustment.ts';
import { createCommandHandler, type WorkOutcome } from './command.ts';

interface Repos {
  books: LedgerBooks;
  approvals: Approvals;
}

export interface DecisionDependencies {
  store: CommandStore<Repos>;
  ids: IdSource;
}

/** Does what was approved, now; declines when it cannot be done any more. */
type Carry = (
  transaction: Repos & CommandTransaction,
  approval: Approval,
  context: { ids: IdSource; at: Instant },
) => Promise<WorkOutcome>;

/** What can wait for a second person, by the command's name. */
const carriers: Readonly<Record<string, Carry>> = {
  [adjustCard.name]: ({ books }, approval, { ids, at }) =>
    makeAdjustment(
      { books, ids },
      {
        businessId: approval.businessId,
        payload: adjustCard.payload.parse(approval.payload),
        principal: approval.requestedBy,
        jobId: approval.jobId,
        requestHash: approval.requestHash,
        at,
      },
    ),
};

/**
 * A second person approves what one alone may not do, and it is done in the same commit; or rejects
 * it. Either way the job that waited ends. Outcomes: `completed`, or `declined` as
 * `unknown-approval`, `already-decided`, `second-approver-needed`, or as the request itself, which
 * then goes on waiting.
 */
export function createDecisionHandler<Name extends 'approve-request' | 'reject-request'>(
  dependencies: DecisionDependencies,
  verdict: 'approve' | 'reject',
) {
  const { ids } = dependencies;
  return createCommandHandler<Name, Repos>(dependencies, async (transaction, message) => {
    const { businessId, payload, principal } = message;
    const by = { kind: principal.kind, id: principal.id };
    const { approvalId: id } = payload;
    const subjectId = id;
    const approval = await transaction.approvals.lock(businessId, id);
    if (!approval) return { status: 'declined', code: 'unknown-approval', subjectId };
    const code = refuseDecision(approval, { by, verdict });
    if (code) return { status: 'declined', code, subjectId };
    const at = Date.parse(message.receivedAt);
    const carried =
      verdict === 'approve' ? await carryOut(transaction, approval, { ids, at }) : undefined;
    if (carried && carried.status !== 'completed') return { ...carried, subjectId };

    const status = carried ? 'approved' : 'rejected';
    const transactionId = carried?.transactionId ?? null;
    const reason = payload.reason ?? null;
    await transaction.approvals.decide(approval, { status, by, at, reason, transactionId });
    await transaction.finish(
      {
        id: approval.jobId,
        businessId,
        type: approval.kind,
        requestHash: approval.requestHash,
        receivedAt: approval.requestedAt,
        status: carried ? 'completed' : 'declined',
        transactionId,
        problem: carried ? null : { code: 'approval-rejected', ...(reason && { detail: reason }) },
        result: carried?.result ?? null,
      },
      null,
    );
    const decided = { id, jobId: approval.jobId, status };
    return {
      status: 'completed',
      // The adjustment is the waiting job's: each transaction belongs to one.
      transactionId: null,
      result: { ...carried?.result, approval: decided },
      subjectId,
      auditDetail: { verdict, ...(reason && { reason }) },
    };
  });
}

function carryOut(
  transaction: Repos & CommandTransaction,
  approval: Approval,
  context: { ids: IdSource; at: Instant },
): Promise<WorkOutcome> {
  const carry = carriers[approval.kind];
  if (!carry) throw new Error(`nobody knows how to carry out ${approval.kind}`);
  return carry(transaction, approval, context);
}
