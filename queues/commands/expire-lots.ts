import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What had expired by then goes. */
  at: z.iso.datetime(),
  /** Cards on which something was recorded after this are left to the next run. */
  restingSince: z.iso.datetime(),
});

export const expireLots = defineCommand({
  name: 'expire-lots',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
