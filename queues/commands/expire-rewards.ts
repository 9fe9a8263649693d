import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What was over by then is written down. */
  at: z.iso.datetime(),
});

export const expireRewards = defineCommand({
  name: 'expire-rewards',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
