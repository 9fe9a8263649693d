import type { Statement } from '../statement.ts';

export const insertExceptions: Statement = {
  name: 'insert-exceptions',
  text: `
    INSERT INTO loyalty.exceptions (business_id, id, kind, job_id, detail)
    SELECT business_id, id, kind, job_id, detail
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, id uuid, kind text, job_id uuid, detail json)`,
};

/** Locks an exception; a settled one too. */
export const lockExceptions: Statement = {
  name: 'lock-exceptions',
  text: `
    SELECT x.kind, x.settled_at
      FROM json_to_recordset($1::json) AS k (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.exceptions x
              WHERE x.business_id = k.business_id AND x.id = k.id OFFSET 0 FOR UPDATE) x`,
};

export const settleExceptions: Statement = {
  name: 'settle-exceptions',
  text: `
    UPDATE loyalty.exceptions x
       SET settled_at = r.settled_at, settled_by = r.settled_by, note = r.note
      FROM json_to_recordset($1::json)
           AS r (business_id uuid, id uuid, settled_at timestamptz, settled_by text, note text)
     WHERE x.business_id = r.business_id AND x.id = r.id AND x.settled_at IS NULL`,
};

/** One page, the newest first. */
export const listExceptions: Statement = {
  name: 'list-exceptions',
  text: `
    SELECT x.id, x.kind, x.job_id, x.detail, x.raised_at, x.settled_at, x.settled_by, x.note
      FROM json_to_recordset($1::json)
           AS k (business_id uuid, status text, kind text, before uuid, size integer)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.exceptions x
              WHERE x.business_id = k.business_id
                AND (k.before IS NULL OR x.id < k.before)
                AND (k.kind IS NULL OR x.kind = k.kind)
                AND (k.status = 'all' OR (x.settled_at IS NULL) = (k.status = 'open'))
              ORDER BY x.id DESC LIMIT k.size) x`,
};

export interface ExceptionRow {
  id: string;
  kind: 'refund-without-sale' | 'suspicion';
  job_id: string;
  detail: object;
  raised_at: number;
  settled_at: number | null;
  settled_by: string | null;
  note: string | null;
}
