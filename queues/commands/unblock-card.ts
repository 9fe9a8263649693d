import { z } from 'zod';
import { idPattern } from '../../domain/values/ids.ts';
import { defineCommand } from '../define.ts';
import { text } from '../text.ts';

const fields = {
  reason: text({ max: 500 }).meta({ description: 'Why; kept in the audit log.' }),
};

export const unblockCard = defineCommand({
  name: 'unblock-card',
  version: 1,
  queue: 'transactions',
  written: ['reason'],
  body: z.strictObject(fields),
  payload: z.strictObject({
    cardId: z.templateLiteral(['crd_', z.string()]).check(z.regex(idPattern('crd'))),
    ...fields,
  }),
});
