import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

export const openCard = defineCommand({
  name: 'open-card',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({ programId: idSchema('prg') }),
  payload: z.strictObject({ customerId: idSchema('cus'), programId: idSchema('prg') }),
});
