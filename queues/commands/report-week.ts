import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** The week before that moment's local one is reported. */
  at: z.iso.datetime(),
});

export const reportWeek = defineCommand({
  name: 'report-week',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
