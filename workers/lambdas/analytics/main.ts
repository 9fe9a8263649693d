import type { Logger } from 'pino';
import type { RunningFunction } from '../sqs-event.ts';
import { createAnalyticsHandler } from './handler.ts';

/** Composition root of the function analytics, for Lambda and for the process `functions`. */
export async function startAnalytics(
  _env: NodeJS.ProcessEnv,
  log: Logger,
): Promise<RunningFunction> {
  return { handle: createAnalyticsHandler({ log }), close: async () => undefined };
}
