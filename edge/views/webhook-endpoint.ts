import { z } from 'zod';
import { revised } from './revised.ts';

export const webhookEndpointSchema = z
  .object({
    ...revised,
    name: z.string(),
    url: z.string(),
    types: z.array(z.string()).nullable().meta({ description: 'null for all events.' }),
    status: z.enum(['active', 'disabled', 'removed']),
    disabledReason: z.enum(['staff', 'gone', 'failing']).nullable().meta({
      description: 'Staff said so, it answered 410, or nothing arrived there for five days.',
    }),
    disabledAt: z.iso.datetime().nullable(),
    failingSince: z.iso.datetime().nullable().meta({
      description: 'Since when nothing has arrived; null while it does.',
    }),
    secretRotatedAt: z.iso.datetime().nullable(),
    previousSecretUntil: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until then the secret before signs as well.' }),
  })
  .meta({ id: 'WebhookEndpoint' });

export type WebhookEndpointView = z.output<typeof webhookEndpointSchema>;

const attempt = z.object({
  at: z.iso.datetime(),
  status: z.int().nullable().meta({ description: 'HTTP status; null where there was no answer.' }),
  failure: z.string().nullable(),
  latencyMs: z.int(),
  answer: z.string().meta({ description: 'The beginning of the answer’s body.' }),
});

const delivery = {
  id: z.string().meta({ description: 'The event’s; the header `webhook-id`.' }),
  type: z.string(),
  status: z.enum(['pending', 'delivered', 'failed']),
  failure: z
    .string()
    .nullable()
    .meta({
      description:
        'Why it failed, at the end or last: `rejected` (not 2xx), `redirected`, `forbidden-address`, ' +
        '`timed-out`, `connection-failed`, `endpoint-disabled`, `gave-up`.',
    }),
  tries: z.int(),
  createdAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable().meta({ description: 'The next try.' }),
  finishedAt: z.iso.datetime().nullable(),
};

export const webhookDeliverySchema = z
  .object({ ...delivery, lastAttempt: attempt.nullable() })
  .meta({ id: 'WebhookDelivery' });

/** With all tries, and what was sent. */
export const wholeWebhookDeliverySchema = z
  .object({ ...delivery, attempts: z.array(attempt), body: z.string() })
  .meta({ id: 'WholeWebhookDelivery' });

export type WebhookDeliveryView = z.output<typeof webhookDeliverySchema>;
export type WholeWebhookDeliveryView = z.output<typeof wholeWebhookDeliverySchema>;
