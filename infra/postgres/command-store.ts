import type { Pool, PoolClient } from 'pg';
import type { CommandStore, CommandTransaction } from '../../domain/ledger/command-store.ts';
import type { Role } from '../../domain/tenancy/permissions.ts';
import { toUuid } from './ids.ts';
import { toFinishedJob } from './jobs.ts';
import { inTransaction, isConflict } from './pool.ts';
import { runStatement } from './statement.ts';
import { insertAudit } from './statements/insert-audit.ts';
import { findFinishedJobs, type JobRow } from './statements/find-finished-jobs.ts';
import { writeJobs } from './write-entries.ts';

/**
 * Commands that commit one by one: each runs in a transaction of its own, with the reads and writes
 * that `reposOf` binds to that transaction's connection.
 */
export function createCommandStore<Repos extends object>(
  pool: Pool,
  reposOf: (client: PoolClient) => Repos,
): CommandStore<Repos> {
  return {
    async transact(work) {
      const attempt = () =>
        inTransaction(pool, (client) => work({ ...reposOf(client), ...commandJobs(client) }));
      try {
        return await attempt();
      } catch (error) {
        // Somebody else's commit came between reading and writing: once more, on what is there now.
        if (!isConflict(error)) throw error;
        return attempt();
      }
    },
  };
}

/** Jobs and locks of commands, bound to one transaction's connection. */
export function commandJobs(client: PoolClient): CommandTransaction {
  return {
    async findJob(businessId, id) {
      const wanted = { business_id: toUuid(businessId), id: toUuid(id) };
      const [row] = await runStatement<JobRow>(client, findFinishedJobs, [wanted]);
      return row && toFinishedJob(row);
    },
    async finish(job, audit) {
      await writeJobs(client, [job]);
      if (!audit) return;
      await runStatement(client, insertAudit, [
        {
          business_id: toUuid(job.businessId),
          id: toUuid(audit.id),
          principal_kind: audit.principal.kind,
          principal_id: audit.principal.id,
          action: job.type,
          subject_id: audit.subjectId,
          job_id: toUuid(job.id),
          outcome: job.status,
          detail: audit.detail,
        },
      ]);
    },
    async findStaffRole(businessId, id) {
      const { rows } = await client.query<{ role: Role }>({
        name: 'find-staff-role',
        text: `SELECT role FROM business.staff
                WHERE business_id = $1 AND id = $2 AND removed_at IS NULL`,
        values: [toUuid(businessId), toUuid(id)],
      });
      return rows[0]?.role;
    },
    async exclusively(name) {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    },
  };
}
