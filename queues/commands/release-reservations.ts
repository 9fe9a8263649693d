import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What was over by then is written down. */
  at: z.iso.datetime(),
});

export const releaseReservations = defineCommand({
  name: 'release-reservations',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
