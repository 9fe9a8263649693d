import { z } from 'zod';
import { defineCommand } from '../define.ts';

const payload = z.strictObject({
  /** What was sent or announced before is forgotten. */
  before: z.iso.datetime(),
});

export const forgetMails = defineCommand({
  name: 'forget-mails',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});
