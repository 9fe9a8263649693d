import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** The week before the one that this moment is in. */
  at: z.iso.datetime(),
});

export const makeWeeklyReport = defineCommand({
  name: 'make-weekly-report',
  version: 1,
  queue: 'analyses',
  internal: true,
  body: payload,
  payload,
});
