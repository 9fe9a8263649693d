import type { FinishedJob } from '../../../domain/ledger/finished-job.ts';
import type { Statement } from '../statement.ts';

/** Terminal states of jobs; a job without one gives no row. */
export const findFinishedJobs: Statement = {
  name: 'find-finished-jobs',
  text: `
    SELECT j.business_id, j.id, j.type, j.request_hash, j.status, j.transaction_id, j.problem, j.result,
           j.received_at, j.finished_at
      FROM json_to_recordset($1::json) AS w (business_id uuid, id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.jobs j
              WHERE j.business_id = w.business_id AND j.id = w.id OFFSET 0) j`,
};

export interface JobRow {
  business_id: string;
  id: string;
  type: string;
  request_hash: string;
  status: FinishedJob['status'];
  transaction_id: string | null;
  problem: FinishedJob['problem'];
  result: object | null;
  received_at: number;
  finished_at: number;
}
