import type { BusinessId, Id, JobId, TransactionId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

export type ApprovalStatus = 'pending' | 'approved' | 'rejected';
export type ApprovalId = Id<'apr'>;

/** Who asked, or decided: as in messages. */
export interface Approver {
  kind: string;
  id: string;
}

/** A command that one person may not give alone. Its job waits until a second has decided. */
export interface Approval {
  id: ApprovalId;
  businessId: BusinessId;
  /** The command's name. */
  kind: string;
  /** What the command was told. */
  payload: object;
  jobId: JobId;
  requestHash: string;
  /** The id it is about. */
  subjectId: string | null;
  requestedBy: Approver;
  requestedAt: Instant;
  status: ApprovalStatus;
}

export type ApprovalRefusal = 'already-decided' | 'second-approver-needed';

/**
 * Whether somebody may decide. Who asked may take the request back, and may not approve it.
 * @returns the refusal, or undefined
 */
export function refuseDecision(
  approval: Approval,
  decision: { by: Approver; verdict: 'approve' | 'reject' },
): ApprovalRefusal | undefined {
  if (approval.status !== 'pending') return 'already-decided';
  const { requestedBy } = approval;
  const isSame = requestedBy.kind === decision.by.kind && requestedBy.id === decision.by.id;
  return isSame && decision.verdict === 'approve' ? 'second-approver-needed' : undefined;
}

/** Approvals, inside a command's transaction. */
export interface Approvals {
  request(approval: Omit<Approval, 'status'>): Promise<void>;
  /** One approval, locked until the transaction ends. */
  lock(businessId: BusinessId, id: ApprovalId): Promise<Approval | undefined>;
  decide(
    approval: Approval,
    decision: {
      status: 'approved' | 'rejected';
      by: Approver;
      at: Instant;
      reason: string | null;
      transactionId: TransactionId | null;
    },
  ): Promise<void>;
}
