import type { Pool } from 'pg';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import type { IdSource } from '../../domain/values/ids.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { createFacts } from './facts.ts';
import { inTransaction } from './pool.ts';
import { inBusinesses } from './tenant.ts';
import { writeJobs } from './write-entries.ts';

/** Notes that a job has used up its tries, and tells of it; a later replay may still complete it. */
export function createFailedJobWriter(pool: Pool, ids: IdSource) {
  return (job: FinishedJob): Promise<void> =>
    inBusinesses([job.businessId], () =>
      inTransaction(pool, async (client) => {
        await writeJobs(client, [job]);
        await createFacts(client, ids).publish(job.businessId, [failureOf(job, ids)]);
      }),
    );
}

function failureOf({ id, type, receivedAt }: FinishedJob, ids: IdSource): OutboxEvent {
  const data = { jobId: id, type, receivedAt: new Date(receivedAt).toISOString() };
  return { id: ids.id('evt'), type: 'job.failed', data };
}
