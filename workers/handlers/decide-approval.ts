import type { CommandStore, CommandTransaction } from '../../domain/ledger/command-store.ts';
import {
  type Approval,
  type Approvals,
  type Approver,
  refuseDecision,
} from '../../domain/tenancy/approval.ts';
import type { CustomerId, IdSource, StaffId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { adjustCard } from '../../queues/commands/adjust-card.ts';
import { awardStamps } from '../../queues/commands/award-stamps.ts';
import { recordPurchase } from '../../queues/commands/record-purchase.ts';
import { redeemReward } from '../../queues/commands/redeem-reward.ts';
import { type Envelope, principalSchema } from '../../queues/envelope.ts';
import { makeAdjustment } from './adjust-card/make-adjustment.ts';
import { awardApproved } from './award-stamps/award-stamps.ts';
import { createCommandHandler, type WorkOutcome } from './command.ts';
import type { CounterRepos } from './counter-work.ts';
import { redeemApproved } from './redeem-reward/redeem-reward.ts';
import { releaseSale, type ReleaseRepos } from './release-sale.ts';
import type { RewardRepos } from './reward-visit.ts';

type Repos = ReleaseRepos & RewardRepos & CounterRepos & { approvals: Approvals };

export interface DecisionDependencies {
  store: CommandStore<Repos>;
  ids: IdSource;
}

/** Does what was approved, now; declines when it cannot be done any more. */
type Carry = (
  transaction: Repos & CommandTransaction,
  approval: Approval,
  context: { ids: IdSource; at: Instant; by: Approver },
) => Promise<WorkOutcome>;

/** What can wait for a second person, by the command's name. */
const carriers: Readonly<Record<string, Carry>> = {
  [adjustCard.name]: ({ books, counter }, approval, { ids, at, by }) =>
    makeAdjustment(
      { books, counter, ids },
      {
        businessId: approval.businessId,
        payload: adjustCard.payload.parse(approval.payload),
        principal: approval.requestedBy,
        approver: by,
        jobId: approval.jobId,
        requestHash: approval.requestHash,
        at,
      },
    ),
  [recordPurchase.name]: releaseSale,
  [awardStamps.name]: (repos, approval, { ids }) =>
    awardApproved(repos, asSent(approval, awardStamps), ids),
  [redeemReward.name]: (repos, approval, { ids }) =>
    redeemApproved(repos, asSent(approval, redeemReward), ids),
};

/** The message that waits, as it was sent. What is judged, is judged as of then. */
function asSent<Payload>(
  { jobId, kind, businessId, requestHash, requestedBy, requestedAt, payload }: Approval,
  command: { version: number; payload: { parse(payload: unknown): Payload } },
): Envelope<Payload> {
  const { held: _, ...sent } = payload as { held?: unknown };
  return {
    id: jobId,
    type: kind,
    version: command.version,
    businessId,
    principal: principalSchema.parse(requestedBy),
    requestHash,
    receivedAt: new Date(requestedAt).toISOString(),
    payload: command.payload.parse(sent),
  };
}

/**
 * A second person approves what one alone may not do, and it is done in the same commit; or rejects
 * it. Either way the job that waited ends. Outcomes: `completed`, or `declined` as
 * `unknown-approval`, `already-decided`, `second-approver-needed`, `self-award` (it is for the approver's
 * own card), or as the request itself, which then goes on waiting.
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
    if (verdict === 'approve' && (await isForThemselves(transaction, approval, by))) {
      return { status: 'declined', code: 'self-award', subjectId };
    }
    const at = Date.parse(message.receivedAt);
    const carried =
      verdict === 'approve' ? await carryOut(transaction, approval, { ids, at, by }) : undefined;
    if (carried && carried.status !== 'completed') return { ...carried, subjectId };

    const status = carried ? 'approved' : 'rejected';
    const transactionId = carried?.transactionId ?? null;
    const reason = payload.reason ?? null;
    await transaction.approvals.decide(approval, { status, by, at, reason, transactionId });
    // The job of a sale ended when the sale was recorded; what it gives comes beside it.
    const isSale = approval.kind === recordPurchase.name;
    if (!isSale) {
      const problem = { code: 'approval-rejected', ...(reason && { detail: reason }) };
      await transaction.finish(
        {
          id: approval.jobId,
          businessId,
          type: approval.kind,
          requestHash: approval.requestHash,
          receivedAt: approval.requestedAt,
          status: carried ? 'completed' : 'declined',
          transactionId,
          problem: carried ? null : problem,
          result: carried?.result ?? null,
        },
        null,
      );
    }
    const decided = { id, jobId: approval.jobId, status };
    return {
      status: 'completed',
      // Each transaction belongs to one job: the waiting one, or this where none waited.
      transactionId: isSale ? transactionId : null,
      result: { ...carried?.result, approval: decided },
      subjectId,
      auditDetail: { verdict, ...(reason && { reason }) },
    };
  });
}

/** Whether what waits would go to the card of who decides. */
async function isForThemselves(
  { counter }: Repos,
  { businessId, payload }: Approval,
  by: Approver,
): Promise<boolean> {
  const { held, customerId = held?.customerId } = payload as {
    customerId?: CustomerId;
    held?: { customerId?: CustomerId };
  };
  if (by.kind !== 'staff' || !customerId) return false;
  return counter.isSamePerson(businessId, by.id as StaffId, customerId);
}

function carryOut(
  transaction: Repos & CommandTransaction,
  approval: Approval,
  context: { ids: IdSource; at: Instant; by: Approver },
): Promise<WorkOutcome> {
  const carry = carriers[approval.kind];
  if (!carry) throw new Error(`nobody knows how to carry out ${approval.kind}`);
  return carry(transaction, approval, context);
}
