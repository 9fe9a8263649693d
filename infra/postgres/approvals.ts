import type {
  Approval,
  Approvals,
  ApprovalStatus,
  Approver,
} from '../../domain/tenancy/approval.ts';
import type { BusinessId, Id } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface ApprovalRow {
  id: string;
  business_id: string;
  kind: string;
  payload: object;
  job_id: string;
  request_hash: string;
  subject_id: string | null;
  requested_by: Approver;
  requested_at: number;
  status: ApprovalStatus;
  decided_by: Approver | null;
  decided_at: number | null;
  reason: string | null;
  transaction_id: string | null;
}

const COLUMNS = `id, business_id, kind, payload, job_id, request_hash, subject_id, requested_by,
  requested_at, status, decided_by, decided_at, reason, transaction_id`;
/** Approvals, bound to one transaction's connection. */
export function createApprovals(client: Queryable): Approvals {
  return {
    async request(approval) {
      await client.query(
        `INSERT INTO business.approvals (business_id, id, kind, payload, job_id, request_hash,
                                         subject_id, requested_by, requested_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          toUuid(approval.businessId),
          toUuid(approval.id),
          approval.kind,
          JSON.stringify(approval.payload),
          toUuid(approval.jobId),
          approval.requestHash,
          approval.subjectId,
          JSON.stringify(approval.requestedBy),
          toIso(approval.requestedAt),
        ],
      );
    },

    async lock(businessId, id) {
      const { rows } = await client.query<ApprovalRow>(
        `SELECT ${COLUMNS} FROM business.approvals
          WHERE business_id = $1 AND id = $2 FOR UPDATE`,
        [toUuid(businessId), toUuid(id)],
      );
      return rows[0] && toApproval(rows[0]);
    },

    async decide(approval, { status, by, at, reason, transactionId }) {
      await client.query(
        `UPDATE business.approvals
            SET status = $3, decided_by = $4, decided_at = $5, reason = $6, transaction_id = $7
          WHERE business_id = $1 AND id = $2`,
        [
          toUuid(approval.businessId),
          toUuid(approval.id),
          status,
          JSON.stringify(by),
          toIso(at),
          reason,
          transactionId && toUuid(transactionId),
        ],
      );
    },
  };
}

/** Approvals for those who may only read, oldest first. */
export function createApprovalReader(pool: Queryable) {
  return {
    async list(
      businessId: BusinessId,
      page: { limit: number; after: string | undefined; status: ApprovalStatus | undefined },
    ) {
      const { rows } = await pool.query<ApprovalRow>({
        name: 'list-approvals',
        text: `SELECT ${COLUMNS} FROM business.approvals
                WHERE business_id = $1 AND ($2::uuid IS NULL OR id > $2)
                  AND ($3::text IS NULL OR status = $3)
                ORDER BY id LIMIT $4`,
        values: [
          toUuid(businessId),
          page.after === undefined ? null : toUuid(page.after as Id<'apr'>),
          page.status ?? null,
          page.limit,
        ],
      });
      return rows.map((row) => {
        const { id, kind, payload, jobId, subjectId, requestedBy, status } = toApproval(row);
        return {
          id,
          kind,
          request: payload,
          jobId,
          subjectId,
          requestedBy,
          requestedAt: toIso(row.requested_at),
          status,
          decidedBy: row.decided_by,
          decidedAt: row.decided_at === null ? null : toIso(row.decided_at),
          reason: row.reason,
          transactionId: row.transaction_id && fromUuid('txn', row.transaction_id),
        };
      });
    },
  };
}

function toApproval(row: ApprovalRow): Approval {
  return {
    id: fromUuid('apr', row.id),
    businessId: fromUuid('biz', row.business_id),
    kind: row.kind,
    payload: row.payload,
    jobId: fromUuid('job', row.job_id),
    requestHash: row.request_hash,
    subjectId: row.subject_id,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    status: row.status,
  };
}
