import type { Logger } from 'pino';
import type { RunningFunction } from './sqs-event.ts';

/** A function that has nothing to work with where it runs, and lets its messages go. */
export function idle(log: Logger, why: string): RunningFunction {
  log.info(why);
  return { handle: async () => ({ batchItemFailures: [] }), close: async () => undefined };
}
