import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';

export const rotateWebhookSecret = defineCommand({
  name: 'rotate-webhook-secret',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject({ ...target('whe'), sealedSecret: z.string() }),
});
