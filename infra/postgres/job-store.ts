import type { Pool } from 'pg';
import type { FinishedJob } from '../../domain/earning/purchase-store.ts';
import { writeJobs } from './write-purchases.ts';

/** Notes that a job has used up its tries; a later replay may still complete it. */
export function createFailedJobWriter(pool: Pool) {
  return (job: FinishedJob): Promise<void> => writeJobs(pool, [job]);
}
