import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

const claimCode = text({ min: 16, max: 40 }).meta({
  description: 'As printed on the receipt, however it is typed.',
  examples: ['7K3F-9Q2M-XB40-TZ81'],
});

export const claimReceipt = defineCommand({
  name: 'claim-receipt',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({ claimCode }),
  payload: z.strictObject({ customerId: idSchema('cus'), claimCode }),
});
