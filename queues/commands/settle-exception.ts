import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

const settlement = {
  note: text({ max: 500 }).meta({ description: 'What was done about it.' }),
};

export const settleException = defineCommand({
  name: 'settle-exception',
  version: 1,
  queue: 'transactions',
  written: ['note'],
  body: z.strictObject(settlement),
  payload: z.strictObject({ exceptionId: idSchema('exc'), ...settlement }),
});
