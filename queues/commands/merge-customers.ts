import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

export const mergeCustomers = defineCommand({
  name: 'merge-customers',
  version: 1,
  queue: 'transactions',
  body: z.strictObject({
    mergedId: idSchema('cus').meta({ description: 'Whoever is merged away.' }),
  }),
  payload: z.strictObject({ survivorId: idSchema('cus'), mergedId: idSchema('cus') }),
});
