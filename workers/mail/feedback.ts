import { z } from 'zod';
import type { MailBooks, MailEnd } from '../../domain/mail/mail-books.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { idSchema } from '../../queues/id-schema.ts';

const oneOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.tuple([schema]).transform(([it]) => it);
const recipients = z.array(z.object({ emailAddress: z.string() }));

/** What SES tells of a mail (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html). */
const news = z.object({
  eventType: z.string(),
  mail: z.object({
    tags: z
      .object({
        business: oneOf(idSchema('biz')),
        event: oneOf(idSchema('evt')),
        recipient: oneOf(z.union([idSchema('cus'), idSchema('stf')])),
      })
      // Of a mail that we did not tag, such as a sign-in code.
      .optional()
      .catch(undefined),
  }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: z.string(),
      bouncedRecipients: recipients,
    })
    .optional(),
  complaint: z
    .object({
      complaintFeedbackType: z.string().optional(),
      complaintSubType: z.string().nullable().optional(),
      complainedRecipients: recipients,
    })
    .optional(),
});
type News = z.output<typeof news>;

export interface FeedbackDependencies {
  books: MailBooks;
  hashAddress: (address: string) => Buffer;
  inBusiness: (businessId: BusinessId, work: () => Promise<void>) => Promise<void>;
  now: () => Instant;
}

/**
 * Takes in what became of a mail: that it was sent, so that nobody sends it again; that it bounced for
 * good or was complained of, so that nobody writes to that address again. A mailbox that is full or a
 * reader who is on holiday bounces for now, and stays reachable. News may come twice and in any order.
 * @throws ZodError for what is no news of SES
 */
export async function takeFeedback(deps: FeedbackDependencies, message: string): Promise<void> {
  const told = news.parse(JSON.parse(message));
  const dead = unreachableBy(told);
  if (dead) {
    for (const address of dead.addresses) {
      await deps.books.noteUnreachable(deps.hashAddress(address), dead.reason);
    }
  }
  const end = endOf(told);
  const { tags } = told.mail;
  if (!end || !tags) return;
  const { business: businessId, event: eventId, recipient: recipientId } = tags;
  await deps.inBusiness(businessId, () =>
    deps.books.end({ businessId, eventId, recipientId }, { ...end, at: deps.now() }),
  );
}

function unreachableBy({ eventType, bounce, complaint }: News) {
  if (eventType === 'Bounce' && bounce?.bounceType === 'Permanent') {
    return { reason: 'bounced' as const, addresses: addressesOf(bounce.bouncedRecipients) };
  }
  // SES says so itself when it had the address on its own list: there was no new complaint.
  const isNew = complaint?.complaintSubType !== 'OnAccountSuppressionList';
  const isWanted = complaint?.complaintFeedbackType === 'not-spam';
  if (eventType === 'Complaint' && complaint && isNew && !isWanted) {
    return {
      reason: 'complained' as const,
      addresses: addressesOf(complaint.complainedRecipients),
    };
  }
  return undefined;
}

const addressesOf = (people: z.output<typeof recipients>) => people.map((one) => one.emailAddress);

function endOf({
  eventType,
  bounce,
  complaint,
}: News): { status: MailEnd; reason?: string } | undefined {
  switch (eventType) {
    case 'Send':
    case 'Delivery':
      return { status: 'sent' };
    case 'Reject':
      return { status: 'rejected' };
    case 'Bounce':
      return { status: 'bounced', reason: `${bounce?.bounceType}/${bounce?.bounceSubType}` };
    case 'Complaint':
      return { status: 'complained', reason: complaint?.complaintFeedbackType ?? 'unknown' };
    default:
      return undefined;
  }
}
