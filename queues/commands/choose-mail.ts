import { z } from 'zod';
import { STAFF_MAILS } from '../../domain/values/mail-kinds.ts';
import { defineCommand } from '../define.ts';

const choice = {
  mailRefusals: z
    .array(z.enum(STAFF_MAILS))
    .max(STAFF_MAILS.length)
    .meta({ description: 'Kinds of mail that you do not want; all others come.' }),
};

/** Somebody on the staff says which mail they want, also what they refused by a mail's link before. */
export const chooseMail = defineCommand({
  name: 'choose-mail',
  version: 1,
  queue: 'changes',
  body: z.strictObject(choice),
  payload: z.strictObject(choice),
});
