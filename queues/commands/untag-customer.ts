import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { tag } from '../personal.ts';

export const untagCustomer = defineCommand({
  name: 'untag-customer',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({}),
  payload: z.strictObject({ customerId: idSchema('cus'), tag }),
});
