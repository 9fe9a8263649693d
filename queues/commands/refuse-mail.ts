import { z } from 'zod';
import { REFUSABLE_MAILS } from '../../domain/values/mail-kinds.ts';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

const refusal = {
  /** Whose mail it was. */
  personId: z.union([idSchema('cus'), idSchema('stf')]),
  /** What they do not want any more; absent: nothing of all that is written to them. */
  kind: z.enum(REFUSABLE_MAILS).optional(),
};

/** Somebody followed the link in a mail that ends such mails. The edge sends it: it made sure of the link. */
export const refuseMail = defineCommand({
  name: 'refuse-mail',
  version: 1,
  queue: 'changes',
  body: z.strictObject(refusal),
  payload: z.strictObject(refusal),
});
