import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export type SignedHeaders = {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
};

/**
 * Signs as Standard Webhooks has it (HMAC-SHA256 over `id.timestamp.body`), once with each secret: while
 * one is replaced by another both are live, and the receiver may check either. By Node's own HMAC: the
 * libraries that check it do theirs in JavaScript, at three times the price. A key object, because Node takes
 * four times as long to make one of bytes as to sign.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets `whsec_…`, the newest first
 */
export function createSigner(secrets: readonly string[]) {
  const keys = secrets.map((secret) => createSecretKey(secret.replace(/^whsec_/, ''), 'base64'));
  return (id: string, at: number, body: string): SignedHeaders => {
    const timestamp = String(Math.floor(at / 1_000));
    const signed = `${id}.${timestamp}.${body}`;
    const sign = (key: KeyObject) =>
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': keys.map(sign).join(' '),
    };
  };
}
