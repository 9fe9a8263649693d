import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { instant } from '../fields.ts';

/** What to send again. */
export const replayFields = {
  since: instant.meta({ description: 'Events from then on; at most 30 days back.' }),
  only: z
    .enum(['all', 'failed'])
    .default('all')
    .meta({ description: 'Everything, or only what did not arrive.' }),
};

export const replayWebhooks = defineCommand({
  name: 'replay-webhooks',
  version: 1,
  queue: 'changes',
  body: z.strictObject({}),
  payload: z.strictObject({ endpointId: idSchema('whe'), ...replayFields }),
});
