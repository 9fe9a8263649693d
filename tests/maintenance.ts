import type { BusinessId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import { idSource } from '../infra/ids/id-source.ts';
import { createTestHandlers } from './handlers.ts';
import { hashRequest } from '../queues/job-id.ts';
import { createTestPool } from './database.ts';

/** Does for one business what the schedule does in time: gives up refunds that waited until `at`. */
export async function expireWaitingRefunds(
  databaseUrl: string,
  businessId: BusinessId,
  at: Instant,
): Promise<void> {
  const pool = createTestPool(databaseUrl);
  try {
    const payload = { at: new Date(at).toISOString() };
    const handle = createTestHandlers(pool)['expire-waiting-refunds'];
    await handle([
      {
        id: idSource.id('job'),
        type: 'expire-waiting-refunds',
        version: 1,
        businessId,
        principal: { kind: 'system', id: 'schedule' },
        requestHash: hashRequest(payload),
        receivedAt: new Date().toISOString(),
        payload,
      },
    ]);
  } finally {
    await pool.end();
  }
}
