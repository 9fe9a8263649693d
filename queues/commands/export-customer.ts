import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

const customer = { customerId: idSchema('cus') };

export const exportCustomer = defineCommand({
  name: 'export-customer',
  version: 1,
  queue: 'transactions',
  body: z.strictObject(customer),
  payload: z.strictObject(customer),
});
