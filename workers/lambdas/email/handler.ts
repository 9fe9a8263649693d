import type { Logger } from 'pino';
import type { BusinessId } from '../../../domain/values/ids.ts';
import { createMailer, type MailerDependencies, UnderWayError } from '../../mail/mailer.ts';
import { eachFact } from '../each-fact.ts';
import type { SqsHandler } from '../sqs-event.ts';

/**
 * The function email: letters to customers and staff. Outcomes: done, when every mail of a fact was
 * sent, or skipped for a reason that is noted; told again, when one could not be sent, or is being
 * sent by somebody else.
 */
export function createEmailHandler(
  deps: MailerDependencies & {
    inBusiness: (businessId: BusinessId, work: () => Promise<void>) => Promise<void>;
    log: Logger;
  },
): SqsHandler {
  const mailFact = createMailer(deps);
  return eachFact({
    work: (fact) => deps.inBusiness(fact.businessId as BusinessId, () => mailFact(fact)),
    onError(error, messageId) {
      if (error instanceof UnderWayError) {
        deps.log.info({ messageId }, 'a mail is under way already; it is looked at again');
      } else {
        deps.log.warn({ err: error, messageId }, 'a mail was not sent');
      }
    },
  });
}
