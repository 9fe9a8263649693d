import type { FinishedJob } from '../domain/ledger/finished-job.ts';
import type { Envelope } from '../queues/envelope.ts';

/** The terminal state of a job that used up its tries: ours to mend, and replayable. */
export function failedJobOf(envelope: Envelope): FinishedJob {
  return {
    id: envelope.id,
    businessId: envelope.businessId,
    type: envelope.type,
    requestHash: envelope.requestHash,
    receivedAt: Date.parse(envelope.receivedAt),
    status: 'failed',
    transactionId: null,
    problem: { code: 'internal-error' },
    result: null,
  };
}
