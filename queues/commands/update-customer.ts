import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { profileChangeFields, sealed } from '../personal.ts';

export const updateCustomer = defineCommand({
  name: 'update-customer',
  version: 1,
  queue: 'transactions',
  body: z
    .strictObject(profileChangeFields)
    .refine((body) => Object.keys(body).length > 0, { error: 'must change something' }),
  /** `sealed` holds the change. */
  payload: z.strictObject({ customerId: idSchema('cus'), sealed }),
});

export const sealedProfileChange = z.strictObject(profileChangeFields);
