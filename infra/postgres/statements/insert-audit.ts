import type { Statement } from '../statement.ts';

/** Who did what to whom. */
export const insertAudit: Statement = {
  name: 'insert-audit',
  text: `
    INSERT INTO business.audit_log (business_id, id, principal_kind, principal_id, action,
                                    subject_id, job_id, outcome, detail)
    SELECT business_id, id, principal_kind, principal_id, action, subject_id, job_id, outcome, detail
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, id uuid, principal_kind text, principal_id text, action text,
                 subject_id text, job_id uuid, outcome text, detail json)`,
};
