import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What ends about two weeks after that moment is told. */
  at: z.iso.datetime(),
});

export const announceExpiries = defineCommand({
  name: 'announce-expiries',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
