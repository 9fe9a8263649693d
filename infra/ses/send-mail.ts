import { SendEmailCommand, SESv2Client, SESv2ServiceException } from '@aws-sdk/client-sesv2';
import { NotSentError, type OutgoingMail, type SendMail } from '../../domain/mail/send-mail.ts';

export interface SesOptions {
  region: string;
  /** A stand-in for SES, which takes any credentials. */
  endpoint?: string | undefined;
  /** Whom mail is from; its domain is verified with SES. */
  from: string;
  /** Tells of what becomes of mail. */
  configurationSet?: string | undefined;
}

/** Nothing listens there, or there is no such host: nothing of ours has arrived. */
const NEVER_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'];

/**
 * Sends through SES v2. It asks once: SES has no key by which it would know a request again, so a
 * second try after a lost answer could be a second mail.
 */
export function createSes(options: SesOptions): { send: SendMail; close(): void } {
  const { region, endpoint, from, configurationSet } = options;
  const client = new SESv2Client({
    region,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
    ...(endpoint !== undefined && {
      endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
  return {
    async send(mail) {
      const command = new SendEmailCommand({
        FromEmailAddress: mailbox(mail.fromName, from),
        Destination: { ToAddresses: [mail.to] },
        Content: {
          Simple: {
            Subject: utf8(mail.subject),
            Body: { Html: utf8(mail.html), Text: utf8(mail.text) },
            Headers: headersOf(mail),
          },
        },
        EmailTags: Object.entries(mail.tags).map(([Name, Value]) => ({
          Name,
          Value: String(Value),
        })),
        ConfigurationSetName: configurationSet,
      });
      try {
        await client.send(command);
      } catch (error) {
        if (isSurelyNotSent(error)) throw new NotSentError(describe(error), { cause: error });
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

/** A name and an address as a header holds them (RFC 5322, RFC 2047). */
export function mailbox(name: string, address: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `"${name.replaceAll(/["\\]/g, '\\$&')}" <${address}>`;
  const words: string[] = [];
  let word = '';
  for (const letter of name) {
    // An encoded word is at most 75 characters: 45 bytes of text.
    if (Buffer.byteLength(word + letter) > 45) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  const encoded = [...words, word].map(
    (text) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`,
  );
  return `${encoded.join(' ')} <${address}>`;
}

function headersOf({ unsubscribeUrl }: OutgoingMail) {
  // Nobody is out of the office for a machine.
  const always = [{ Name: 'Auto-Submitted', Value: 'auto-generated' }];
  if (unsubscribeUrl === undefined) return always;
  return [
    ...always,
    { Name: 'List-Unsubscribe', Value: `<${unsubscribeUrl}>` },
    { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
  ];
}

/** A refusal says so; a failure of SES's own, or a lost answer, does not. */
function isSurelyNotSent(error: unknown): boolean {
  if (error instanceof SESv2ServiceException) {
    const { httpStatusCode: status = 500 } = error.$metadata;
    return status >= 400 && status < 500;
  }
  return error instanceof Error && 'code' in error && NEVER_CONNECTED.includes(String(error.code));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
