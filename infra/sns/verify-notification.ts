import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';

/** What SNS puts around a message (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). */
const notification = z.object({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.url(),
});
type Notification = z.output<typeof notification>;

/** It is not from whom it says. */
export class ForgedNotificationError extends Error {
  override readonly name = 'ForgedNotificationError';
}

const SNS_HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[\w-]+\.pem$/;
const SIGNED = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const HASH = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

/**
 * Reads what SNS sent, from one topic, and makes sure that it did: the certificate comes from SNS's
 * own address, and what was signed is what is there.
 * @returns the message inside
 */
export function createNotificationReader(options: {
  topicArn: string;
  fetchCertificate: (url: URL) => Promise<string>;
}) {
  const keys = new Map<string, KeyObject>();

  async function keyAt(address: string): Promise<KeyObject> {
    const known = keys.get(address);
    if (known) return known;
    const url = new URL(address);
    const isOfSns =
      url.protocol === 'https:' &&
      url.port === '' &&
      url.username === '' &&
      SNS_HOST.test(url.hostname) &&
      CERTIFICATE_PATH.test(url.pathname);
    if (!isOfSns) throw new ForgedNotificationError(`a certificate of ${url.hostname}`);
    const key = createPublicKey(await options.fetchCertificate(url));
    keys.set(address, key);
    return key;
  }

  /** @throws ForgedNotificationError; ZodError or SyntaxError for what is no notification */
  return async function read(body: string): Promise<string> {
    const sent = notification.parse(JSON.parse(body));
    if (sent.TopicArn !== options.topicArn) {
      throw new ForgedNotificationError(`of the topic ${sent.TopicArn}`);
    }
    const verify = createVerify(HASH[sent.SignatureVersion]).update(signedText(sent));
    if (!verify.verify(await keyAt(sent.SigningCertURL), sent.Signature, 'base64')) {
      throw new ForgedNotificationError('the signature does not fit');
    }
    return sent.Message;
  };
}

/** What SNS signs: names and values, a line each. */
export function signedText(
  sent: Omit<Notification, 'Signature' | 'SigningCertURL' | 'SignatureVersion'>,
): string {
  return SIGNED.filter((name) => sent[name] !== undefined)
    .map((name) => `${name}\n${sent[name]}\n`)
    .join('');
}

const SILENCE_MS = 3_000;
const MAX_CERTIFICATE_BYTES = 20_000;

/**
 * Fetches a certificate. @throws Error for anything but a short 200 within 3 s
 * @param endpoint a stand-in that serves it instead
 */
export function fetchCertificate(named: URL, endpoint?: string): Promise<string> {
  const url = endpoint === undefined ? named : new URL(named.pathname, endpoint);
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { timeout: SILENCE_MS }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_CERTIFICATE_BYTES) outgoing.destroy(new Error('no certificate is so long'));
        chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`${url.hostname} answered ${answer.statusCode}`));
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${url.hostname} did not answer`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
