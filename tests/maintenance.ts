import pino from 'pino';
import type { BusinessId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import { idSource } from '../infra/ids/id-source.ts';
import { createPool } from '../infra/postgres/pool.ts';
import { createTestHandlers } from './handlers.ts';
import { hashRequest } from '../queues/job-id.ts';

/** Does for one business what the schedule does in time: gives up refunds that waited until `at`. */
export async function expireWaitingRefunds(
  databaseUrl: string,
  businessId: BusinessId,
  at: Instant,
): Promise<void> {
  const pool = createPool({
    url: databaseUrl,
    applicationName: 'maintenance',
    maxConnections: 2,
    lockTimeoutMs: 30_000,
    statementTimeoutMs: 60_000,
    // As a worker's: on a table that was just filled any other plan walks all of it.
    lookUpsOnly: true,
    log: pino({ level: 'silent' }),
  });
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
