import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const removeWebhookEndpoint = defineCommand({
  name: 'remove-webhook-endpoint',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject(target('whe')),
});
