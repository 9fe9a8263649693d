import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  at: z.iso.datetime().meta({ description: 'Refunds whose time is up by then are given up.' }),
});

export const expireWaitingRefunds = defineCommand({
  name: 'expire-waiting-refunds',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
