import type { Logger } from 'pino';
import type { RunningFunction } from '../sqs-event.ts';
import { createEmailHandler } from './handler.ts';

/** Composition root of the function email, for Lambda and for the process `functions`. */
export async function startEmail(_env: NodeJS.ProcessEnv, log: Logger): Promise<RunningFunction> {
  return { handle: createEmailHandler({ log }), close: async () => undefined };
}
