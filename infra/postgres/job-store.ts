import type { Pool } from 'pg';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import { inBusinesses } from './tenant.ts';
import { writeJobs } from './write-entries.ts';

/** Notes that a job has used up its tries; a later replay may still complete it. */
export function createFailedJobWriter(pool: Pool) {
  return (job: FinishedJob): Promise<void> =>
    inBusinesses([job.businessId], () => writeJobs(pool, [job]));
}
