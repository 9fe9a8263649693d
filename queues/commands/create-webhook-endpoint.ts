import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { webhookTypes } from '../events/events.ts';
import { text } from '../text.ts';

/** Fields of an endpoint that may be changed later. */
export const webhookEndpointFields = {
  name: text({ max: 100 }).meta({ examples: ['Stock system'] }),
  url: text({ max: 2_000 }).meta({
    description: 'https, on port 443 or 8443, at a public address.',
    examples: ['https://hooks.cafe.example/regulars'],
  }),
  types: z
    .array(z.enum(webhookTypes))
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .meta({ description: 'null for all events, those to come included.' }),
};

export const createWebhookEndpoint = defineCommand({
  name: 'create-webhook-endpoint',
  version: 1,
  queue: 'changes',
  body: z.strictObject(webhookEndpointFields),
  // Who asked for it has the secret; what travels is sealed.
  payload: z.strictObject({
    ...webhookEndpointFields,
    // Types that an older release offered stay readable.
    types: z.array(z.string()).nullable().optional(),
    sealedSecret: z.string(),
  }),
});
