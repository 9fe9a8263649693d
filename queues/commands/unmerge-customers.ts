import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

export const unmergeCustomers = defineCommand({
  name: 'unmerge-customers',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({}),
  payload: z.strictObject({ mergedId: idSchema('cus') }),
});
