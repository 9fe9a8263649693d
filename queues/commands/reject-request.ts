import { z } from 'zod';
import { idPattern } from '../../domain/values/ids.ts';
import { defineCommand } from '../define.ts';
import { text } from '../text.ts';

const fields = {
  reason: text({ max: 500 }).optional().meta({ description: 'Why; kept with the approval.' }),
};

export const rejectRequest = defineCommand({
  name: 'reject-request',
  version: 1,
  queue: 'transactions',
  written: ['reason'],
  body: z.strictObject(fields),
  payload: z.strictObject({
    approvalId: z.templateLiteral(['apr_', z.string()]).check(z.regex(idPattern('apr'))),
    ...fields,
  }),
});
