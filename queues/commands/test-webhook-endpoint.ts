import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

export const testWebhookEndpoint = defineCommand({
  name: 'test-webhook-endpoint',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject({ endpointId: idSchema('whe') }),
});
