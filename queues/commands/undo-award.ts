import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

const undo = {
  transactionId: idSchema('txn').meta({ description: 'Of the award, as its answer named it.' }),
  reason: text({ max: 500 })
    .optional()
    .meta({ description: 'Needed when more than 10 s have passed.' }),
};

export const undoAward = defineCommand({
  name: 'undo-award',
  version: 1,
  queue: 'transactions',
  written: ['reason'],
  body: z.strictObject(undo),
  payload: z.strictObject(undo),
});
