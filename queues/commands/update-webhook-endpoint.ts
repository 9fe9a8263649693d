import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { webhookEndpointFields } from './create-webhook-endpoint.ts';

const fields = {
  ...webhookEndpointFields,
  status: z.enum(['active', 'disabled']).meta({
    description: 'Nothing is sent while disabled; what happens meanwhile can be replayed.',
  }),
};

export const updateWebhookEndpoint = defineCommand({
  name: 'update-webhook-endpoint',
  version: 1,
  queue: 'changes',
  body: patchOf(fields),
  payload: z.strictObject({ ...target('whe'), ...z.strictObject(fields).partial().shape }),
});
