import type { Operation, OperationLog } from '../../domain/operations/operation-log.ts';
import type { JobId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

/** The log of operations, bound to one transaction's connection. */
export function createOperationLog(client: Queryable): OperationLog {
  return {
    async note({ id, operator, action, queue, jobIds, reason, askedAt }) {
      await client.query({
        name: 'note-operation',
        text: `INSERT INTO business.operations (id, operator, action, queue, job_ids, reason, asked_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
        values: [
          toUuid(id),
          operator,
          action,
          queue,
          JSON.stringify(jobIds),
          reason,
          new Date(askedAt).toISOString(),
        ],
      });
    },
  };
}

interface Row {
  id: string;
  operator: string;
  action: string;
  queue: string;
  job_ids: JobId[];
  reason: string | null;
  asked_at: number;
}

/** The latest operations, newest first. */
export async function listOperations(pool: Queryable, limit: number): Promise<Operation[]> {
  const { rows } = await pool.query<Row>(
    `SELECT id, operator, action, queue, job_ids, reason, asked_at FROM business.operations
      ORDER BY asked_at DESC LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({
    id: fromUuid('job', row.id),
    operator: row.operator,
    action: row.action,
    queue: row.queue,
    jobIds: row.job_ids,
    reason: row.reason,
    askedAt: row.asked_at,
  }));
}
