import { Webhook } from 'standardwebhooks';

export type SignedHeaders = {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
};

/**
 * Signs as Standard Webhooks has it, once with each secret: while one is replaced by another both are
 * live, and the receiver may check either.
 * @param secrets `whsec_…`, the newest first
 */
export function createSigner(secrets: readonly string[]) {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (id: string, at: number, body: string): SignedHeaders => {
    const date = new Date(at);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1_000)),
      'webhook-signature': webhooks.map((webhook) => webhook.sign(id, date, body)).join(' '),
    };
  };
}
