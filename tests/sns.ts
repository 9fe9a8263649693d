import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedText } from '../infra/sns/verify-notification.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:mail';

/** An SNS that signs what is told in its topic, and serves what its signatures are verified with. */
export async function startTestSns() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const server = createServer((_, response) => response.end(certificate));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      MAIL_FEEDBACK_TOPIC_ARN: TOPIC,
      SNS_CERTIFICATE_ENDPOINT: `http://127.0.0.1:${port}`,
    },
    /** What SQS gets of a message. */
    notificationOf(message: object): string {
      const sent = {
        Type: 'Notification' as const,
        MessageId: randomUUID(),
        TopicArn: TOPIC,
        Message: JSON.stringify(message),
        Timestamp: new Date().toISOString(),
      };
      return JSON.stringify({
        ...sent,
        SignatureVersion: '2',
        Signature: createSign('RSA-SHA256').update(signedText(sent)).sign(privateKey, 'base64'),
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
      });
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
