import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What was written before is forgotten. */
  before: z.iso.datetime(),
});

export const forgetWebhookDeliveries = defineCommand({
  name: 'forget-webhook-deliveries',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
