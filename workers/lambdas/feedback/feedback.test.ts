/** News of mails, signed as SNS signs them, on a real database. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { idSource } from '../../../infra/ids/id-source.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { createMailBooks } from '../../../infra/postgres/mail-books.ts';
import { inBusinesses } from '../../../infra/postgres/tenant.ts';
import { createAddressHash } from '../../../infra/sealing/mail-links.ts';
import { createNotificationReader, signedText } from '../../../infra/sns/verify-notification.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
import { createFeedbackHandler } from './handler.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail';
const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const hashAddress = createAddressHash(Buffer.alloc(32, 3).toString('base64'));

let database: TestDatabase;
let pool: Pool;
let shop: Shop;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.mailerUrl);
  shop = await openShop(database.ownerUrl, { customers: [] });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

type Over = { version?: '1' | '2'; topic?: string; certificate?: string; tamper?: boolean };

function signed(message: object, over: Over = {}): string {
  const { version = '2', topic = TOPIC, certificate = CERTIFICATE } = over;
  const sent = {
    Type: 'Notification' as const,
    MessageId: idSource.id('evt'),
    TopicArn: topic,
    Message: JSON.stringify(message),
    Timestamp: '2026-11-22T09:00:00.000Z',
  };
  const sign = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(signedText(sent));
  return JSON.stringify({
    ...sent,
    ...(over.tamper && { Message: sent.Message.replace('Permanent', 'Transient') }),
    SignatureVersion: version,
    Signature: sign.sign(privateKey, 'base64'),
    SigningCertURL: certificate,
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  });
}

/** Whether the function took it. */
async function take(body: string): Promise<boolean> {
  const handler = createFeedbackHandler({
    books: createMailBooks(pool),
    hashAddress,
    readNotification: createNotificationReader({
      topicArn: TOPIC,
      fetchCertificate: async () => publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    }),
    inBusiness: (businessId, work) => inBusinesses([businessId], work),
    now: () => Date.now(),
    log: pino({ level: 'silent' }),
  });
  const { batchItemFailures } = await handler({ Records: [{ messageId: '1', body }] });
  return batchItemFailures.length === 0;
}

/** A mail that was taken on, to an address. */
async function aMail() {
  const mail = {
    businessId: shop.businessId,
    eventId: idSource.id('evt'),
    recipientId: idSource.id('cus'),
  };
  const times = { now: Date.now(), abandonedBefore: 0 };
  await inBusinesses([shop.businessId], () =>
    createMailBooks(pool).claim({ ...mail, kind: 'reward' }, times),
  );
  const tags = {
    business: [mail.businessId],
    event: [mail.eventId],
    recipient: [mail.recipientId],
    kind: ['reward'],
    'ses:configuration-set': ['regulars'],
  };
  const email = `${mail.recipientId}@cafe.example`;
  return {
    email,
    news: (eventType: string, more: object = {}) => ({ eventType, mail: { tags }, ...more }),
    status: async () => {
      const [row] = await database.query<{ status: string }>(
        'SELECT status FROM business.mails WHERE event_id = $1',
        [toUuid(mail.eventId)],
      );
      return row?.status;
    },
    isUnreachable: () => createMailBooks(pool).isUnreachable(hashAddress(email)),
  };
}

const bounce = (bounceType: string, emailAddress: string) => ({
  bounce: { bounceType, bounceSubType: 'General', bouncedRecipients: [{ emailAddress }] },
});

describe('news of a mail', () => {
  test('that it was sent end the doubt whether it was, and never undo a bounce', async () => {
    const mail = await aMail();
    expect(await take(signed(mail.news('Send')))).toBe(true);
    expect(await mail.status()).toBe('sent');
    await take(signed(mail.news('Bounce', bounce('Permanent', mail.email))));
    await take(signed(mail.news('Send')));
    expect(await mail.status()).toBe('bounced');
  });

  test('that it bounced for good stop all mail to the address; for now, they do not', async () => {
    const [gone, full] = [await aMail(), await aMail()];
    for (const version of ['1', '2'] as const) {
      const body = signed(gone.news('Bounce', bounce('Permanent', gone.email)), { version });
      expect(await take(body)).toBe(true);
    }
    await take(signed(full.news('Bounce', bounce('Transient', full.email))));
    expect([await gone.isUnreachable(), await full.isUnreachable()]).toEqual([true, false]);
    expect(await full.status()).toBe('bounced');
  });

  test('that somebody complained stop it too; that it was no spam after all, does not', async () => {
    const [cross, kind] = [await aMail(), await aMail()];
    for (const [mail, complaintFeedbackType] of [
      [cross, 'abuse'],
      [kind, 'not-spam'],
    ] as const) {
      const complainedRecipients = [{ emailAddress: mail.email.toUpperCase() }];
      const complaint = { complaintFeedbackType, complainedRecipients };
      await take(signed(mail.news('Complaint', { complaint })));
    }
    expect([await cross.isUnreachable(), await kind.isUnreachable()]).toEqual([true, false]);
    expect(await cross.status()).toBe('complained');
  });

  test('of a mail that is not of ours to track still stop mail to a dead address', async () => {
    const emailAddress = 'typo@cafe.example';
    const body = signed({ eventType: 'Bounce', mail: {}, ...bounce('Permanent', emailAddress) });
    expect(await take(body)).toBe(true);
    expect(await createMailBooks(pool).isUnreachable(hashAddress(emailAddress))).toBe(true);
  });
});

describe('news that SNS has not signed are put aside', () => {
  test.each([
    ['changed on the way', { tamper: true }],
    ['of another topic', { topic: 'arn:aws:sns:eu-west-1:210987654321:mail' }],
    ['with a certificate from elsewhere', { certificate: 'https://sns.evil.example/Simple.pem' }],
    [
      'with a certificate that only looks like SNS’s',
      {
        certificate:
          'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem',
      },
    ],
    [
      'with a certificate that anybody can put into a bucket',
      {
        certificate:
          'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem',
      },
    ],
    ['over plain HTTP', { certificate: CERTIFICATE.replace('https', 'http') }],
  ])('%s', async (_, over) => {
    const mail = await aMail();
    expect(await take(signed(mail.news('Bounce', bounce('Permanent', mail.email)), over))).toBe(
      false,
    );
    expect([await mail.status(), await mail.isUnreachable()]).toEqual(['sending', false]);
  });
});
