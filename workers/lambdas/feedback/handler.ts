import type { Logger } from 'pino';
import { type FeedbackDependencies, takeFeedback } from '../../mail/feedback.ts';
import type { SqsHandler } from '../sqs-event.ts';

/**
 * The function feedback: what SES tells, by way of SNS, of mails that were sent. Outcomes: done;
 * or told again, and after five times put aside for people: what SNS has not signed, what is no news
 * of SES, and what could not be written down.
 */
export function createFeedbackHandler(
  deps: FeedbackDependencies & {
    /** The message in what SNS sent. @throws when SNS did not send it */
    readNotification: (body: string) => Promise<string>;
    log: Logger;
  },
): SqsHandler {
  return async ({ Records }) => {
    const failures = await Promise.all(
      Records.map(async ({ messageId, body }) => {
        try {
          await takeFeedback(deps, await deps.readNotification(body));
          return [];
        } catch (error) {
          // Not the error's details: they may hold what was sent, and so an address.
          const reason = error instanceof Error ? error.name : 'unknown';
          deps.log.warn({ messageId, reason }, 'news of a mail were not taken');
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
}
