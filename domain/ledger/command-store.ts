import type { Role } from '../tenancy/permissions.ts';
import type { BusinessId, Id, JobId, StaffId } from '../values/ids.ts';
import type { FinishedJob } from './finished-job.ts';

/** Runs a command's reads and writes in one transaction. */
export interface CommandStore<Repos> {
  /**
   * Everything that `work` writes becomes visible at once, or nothing. Work that loses against a
   * concurrent twin is run once more, so it must keep nothing between runs.
   */
  transact<T>(work: (transaction: Repos & CommandTransaction) => Promise<T>): Promise<T>;
}

/** What every command needs, whatever it is about. */
export interface CommandTransaction {
  /** The job's state, when an earlier delivery reached one. */
  findJob(businessId: BusinessId, id: JobId): Promise<FinishedJob | undefined>;
  /** Writes what became of the job and, where somebody is to be named for it, who did it. */
  finish(job: FinishedJob, audit: AuditEntry | null): Promise<void>;
  /** The role of somebody on the staff; undefined when they are not, or no longer. */
  findStaffRole(businessId: BusinessId, id: StaffId): Promise<Role | undefined>;
  /** Waits until no other transaction holds this name; held until this one ends. */
  exclusively(name: string): Promise<void>;
}

/** Who did what to whom, for owners to read. */
export interface AuditEntry {
  id: Id<'aud'>;
  principal: { kind: string; id: string };
  /** The id it was done to. */
  subjectId: string | null;
  detail: object | null;
}
