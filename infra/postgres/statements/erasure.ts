/** Statements of erasure. `$1` is the business, `$2` whose it is, or the rewritten rows as JSON. */

export const findAll = {
  name: 'find-merged-into',
  text: `
    SELECT id FROM customer.customers WHERE business_id = $1 AND (id = $2 OR merged_into = $2)
     ORDER BY id`,
};

/** `$3` is when. */
export const eraseCustomers = {
  name: 'erase-customers',
  text: `
    UPDATE customer.customers
       SET phone = NULL, email = NULL, name = NULL, birthday = NULL, locale = NULL, consents = '{}',
           erased_at = $3, updated_at = $3
     WHERE business_id = $1 AND id = ANY ($2)`,
};

/** Tables whose rows say nothing but what is personal. */
export const forgetWhatIsOnlyPersonal = [
  'customer_tags',
  'external_ids',
  'name_keys',
  'identities',
].map((table) => ({
  name: `forget-${table}`,
  text: `DELETE FROM customer.${table} WHERE business_id = $1 AND customer_id = ANY ($2)`,
}));

/** They keep their codes: whoever shows one is told that the card is closed. */
export const closeCards = {
  name: 'close-cards',
  text: `
    UPDATE loyalty.cards SET status = 'closed'
     WHERE business_id = $1 AND customer_id = ANY ($2) AND status <> 'merged'`,
};

export const findCards = {
  name: 'cards-of-customers',
  text: `SELECT id FROM loyalty.cards WHERE business_id = $1 AND customer_id = ANY ($2)`,
};

export const findWrittenEntries = {
  name: 'find-written-entries',
  text: `
    SELECT id, original_id, receipt, outcome FROM loyalty.transactions
     WHERE business_id = $1 AND customer_id = ANY ($2)
       AND (receipt ->> 'reason' IS NOT NULL OR outcome ->> 'reason' IS NOT NULL)`,
};

export const findAudit = {
  name: 'find-audit-about',
  text: `
    SELECT id, job_id, detail FROM business.audit_log
     WHERE business_id = $1 AND subject_id = ANY ($2)`,
};

export const findApprovals = {
  name: 'find-approvals-about',
  text: `
    SELECT id, job_id, payload, reason FROM business.approvals
     WHERE business_id = $1 AND subject_id = ANY ($2)`,
};

export const findJobs = {
  name: 'find-jobs-about',
  text: `
    SELECT id, result, problem FROM loyalty.jobs
     WHERE business_id = $1 AND id = ANY ($2) AND (result IS NOT NULL OR problem IS NOT NULL)`,
};

export const rewriteEntries = {
  name: 'rewrite-entries',
  text: `
    UPDATE loyalty.transactions t SET receipt = r.receipt, outcome = r.outcome
      FROM json_to_recordset($2) AS r (id uuid, receipt json, outcome json)
     WHERE t.business_id = $1 AND t.id = r.id`,
};

/** Whoever signed in and did it was known by their sign-in (`$3` is who they were here, `$4` all of them). */
export const rewriteAudit = {
  name: 'rewrite-audit',
  text: `
    UPDATE business.audit_log a
       SET detail = r.detail,
           principal_id = CASE WHEN a.principal_kind = 'customer' AND a.principal_id <> ALL ($4)
                               THEN $3 ELSE a.principal_id END
      FROM json_to_recordset($2) AS r (id uuid, detail json)
     WHERE a.business_id = $1 AND a.id = r.id`,
};

export const rewriteApprovals = {
  name: 'rewrite-approvals',
  text: `
    UPDATE business.approvals a SET payload = r.payload, reason = r.reason
      FROM json_to_recordset($2) AS r (id uuid, payload json, reason text)
     WHERE a.business_id = $1 AND a.id = r.id`,
};

export const rewriteJobs = {
  name: 'rewrite-jobs',
  text: `
    UPDATE loyalty.jobs j SET result = r.result, problem = r.problem
      FROM json_to_recordset($2) AS r (id uuid, result json, problem jsonb)
     WHERE j.business_id = $1 AND j.id = r.id`,
};

export interface EntryRow {
  id: string;
  original_id: string | null;
  receipt: unknown;
  outcome: unknown;
}

export interface AuditRow {
  id: string;
  job_id: string;
  detail: unknown;
}

export interface ApprovalRow {
  id: string;
  job_id: string;
  payload: unknown;
  reason: string | null;
}

export interface JobRow {
  id: string;
  result: unknown;
  problem: unknown;
}
