import { type FactMessage, readFactMessage } from '../../queues/events/fact-message.ts';
import type { SqsHandler } from './sqs-event.ts';

/**
 * A function that takes its messages one by one. Outcomes: done; or told to come again, which after
 * five times puts a message aside for people: one that cannot be read, and one whose work throws.
 * A bad one never fails its neighbours.
 */
export function eachFact(options: {
  work: (fact: FactMessage) => Promise<void>;
  onError: (error: unknown, messageId: string) => void;
}): SqsHandler {
  return async ({ Records }) => {
    const failures = await Promise.all(
      Records.map(async ({ messageId, body }) => {
        try {
          await options.work(readFactMessage(body));
          return [];
        } catch (error) {
          options.onError(error, messageId);
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
}
