import type { MailBooks, MailKey } from '../../domain/mail/mail-books.ts';
import { NotSentError, type OutgoingMail, type SendMail } from '../../domain/mail/send-mail.ts';
import type { BusinessId, Id } from '../../domain/values/ids.ts';
import { type Instant, MINUTE_MS } from '../../domain/values/time.ts';
import type { FactMessage } from '../../queues/events/fact-message.ts';
import type { RefusableMail } from '../../domain/values/mail-kinds.ts';
import { type Letter, type LetterDependencies, lettersOf, type WrittenLetter } from './letters.ts';
import { render } from './render.ts';

/** Somebody else is sending it, or died doing so: it has to be looked at again later. */
export class UnderWayError extends Error {
  override readonly name = 'UnderWayError';
}

export interface MailerDependencies extends LetterDependencies {
  books: MailBooks;
  send: SendMail;
  hashAddress: (address: string) => Buffer;
  unsubscribeUrl: (of: {
    businessId: BusinessId;
    personId: Letter['recipientId'];
    kind: RefusableMail;
    language: string;
  }) => string;
  now: () => Instant;
}

/**
 * How long nothing may have been heard of a mail that was taken on before it counts as never sent.
 * Sending takes seconds, and the service's news that it was sent comes within seconds.
 */
export const ABANDONED_AFTER_MS = 2 * MINUTE_MS;

/**
 * Sends the mails that a fact brings, each at most once, whoever else is told of the same fact. In
 * this order: take the mail on (committed), send it, note that it was sent. Who dies before sending
 * leaves a mail that counts as abandoned after two minutes and is sent then; who dies after sending is
 * made good by the service's own news of it, which notes it as sent (see the function feedback).
 * @throws Error when a mail has to be tried again
 */
export function createMailer(deps: MailerDependencies) {
  const { books, now } = deps;

  return async function mailFact({ businessId, event }: FactMessage): Promise<void> {
    const business = businessId as BusinessId;
    const letters = await lettersOf(deps, { businessId: business, event });
    for (const letter of letters) {
      const { recipientId, kind } = letter;
      const mail = { businessId: business, eventId: event.id as Id<'evt'>, recipientId };
      const at = now();
      const times = { now: at, abandonedBefore: at - ABANDONED_AFTER_MS };
      const claim = await books.claim({ ...mail, kind }, times);
      if (claim === 'ended') continue;
      if (claim === 'under-way') throw new UnderWayError(`${event.id} to ${recipientId}`);
      await carryOut(mail, letter);
    }
  };

  async function carryOut(mail: MailKey, letter: Letter): Promise<void> {
    let outgoing: OutgoingMail | { skip: string };
    try {
      outgoing = await prepare(mail, letter);
    } catch (error) {
      await books.release(mail);
      throw error;
    }
    if ('skip' in outgoing) {
      await books.end(mail, { status: 'skipped', reason: outgoing.skip, at: now() });
      return;
    }
    try {
      await deps.send(outgoing);
    } catch (error) {
      // Of anything else nobody knows whether it left, so it stays taken on.
      if (error instanceof NotSentError) await books.release(mail);
      throw error;
    }
    await books.end(mail, { status: 'sent', at: now() });
  }

  async function prepare(mail: MailKey, letter: Letter): Promise<OutgoingMail | { skip: string }> {
    const written = await letter.write();
    if ('skip' in written) return written;
    if (await books.isUnreachable(deps.hashAddress(written.to))) return { skip: 'unreachable' };
    return address(mail, letter, written);
  }

  function address(mail: MailKey, letter: Letter, written: WrittenLetter): OutgoingMail {
    const { businessId, eventId, recipientId } = mail;
    const { to, content, frame, refusable } = written;
    const unsubscribe = refusable && {
      label: refusable.label,
      url: deps.unsubscribeUrl({
        businessId,
        personId: recipientId,
        kind: refusable.kind,
        language: frame.language,
      }),
    };
    return {
      to,
      fromName: frame.brand,
      ...render(content, { ...frame, unsubscribe }),
      unsubscribeUrl: unsubscribe?.url,
      tags: { business: businessId, event: eventId, recipient: recipientId, kind: letter.kind },
    };
  }
}
