/** A mail on its way out. */
export interface OutgoingMail {
  to: string;
  /** Shown as who it is from. */
  fromName: string;
  subject: string;
  html: string;
  text: string;
  /** Ends this kind of mail: opened by people, posted to by mail programs (RFC 8058). */
  unsubscribeUrl: string | undefined;
  /** Comes back with all news of it. */
  tags: MailTags;
}

/** What the mail service is told of a mail, beside the mail: ids only. */
export interface MailTags {
  business: string;
  event: string;
  recipient: string;
  kind: string;
}

/**
 * Hands a mail to the mail service, once: it does not try again by itself.
 * @throws NotSentError when it surely was not taken; any other error when nobody knows
 */
export type SendMail = (mail: OutgoingMail) => Promise<void>;

/** The mail surely has not left. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}
