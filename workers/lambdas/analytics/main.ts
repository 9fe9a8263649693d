import type { Logger } from 'pino';
import { readAnalyticsConfig } from '../../../infra/config/config.ts';
import { createFigures } from '../../../infra/postgres/analytics/figures.ts';
import { assertDatabaseRole } from '../../../infra/postgres/assert-role.ts';
import { createPool } from '../../../infra/postgres/pool.ts';
import type { RunningFunction } from '../sqs-event.ts';
import { createAnalyticsHandler } from './handler.ts';

/** Composition root of the function analytics, for Lambda and for the process `functions`. */
export async function startAnalytics(
  env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<RunningFunction> {
  const { ANALYTICS_DATABASE_URL: url } = readAnalyticsConfig(env);
  const pool = createPool({
    url,
    applicationName: 'analytics',
    // One batch at a time is all that a function has in hand.
    maxConnections: 1,
    lockTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    lookUpsOnly: true,
    log,
  });
  await assertDatabaseRole(pool, log);
  return {
    handle: createAnalyticsHandler({
      figures: createFigures(pool),
      onError: (error, messageId) => log.warn({ err: error, messageId }, 'a fact was not counted'),
    }),
    close: () => pool.end(),
  };
}
