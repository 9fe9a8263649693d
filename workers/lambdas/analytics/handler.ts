import type { Logger } from 'pino';
import { eachFact } from '../each-fact.ts';
import type { SqsHandler } from '../sqs-event.ts';

/** The function analytics. */
export function createAnalyticsHandler({ log }: { log: Logger }): SqsHandler {
  return eachFact({
    work: async ({ businessId, event }) =>
      log.debug({ businessId, eventId: event.id, type: event.type }, 'a fact'),
    onError: (error, messageId) => log.warn({ err: error, messageId }, 'a fact was not taken'),
  });
}
