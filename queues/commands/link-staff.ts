import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

const link = {
  staffId: idSchema('stf'),
  /** Who they are to the sign-in service (`sub`), which has proved their e-mail. */
  subject: z.string().min(1).max(64),
};

/** Somebody who was invited has signed in. The edge sends it: it has seen the token. */
export const linkStaff = defineCommand({
  name: 'link-staff',
  version: 1,
  queue: 'changes',
  internal: true,
  body: z.strictObject(link),
  payload: z.strictObject(link),
});
