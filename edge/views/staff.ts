import { z } from 'zod';
import { revised } from './revised.ts';

export const staffSchema = z
  .object({
    ...revised,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    role: z.enum(['owner', 'manager', 'cashier', 'analyst']),
    storeIds: z.array(z.string()).nullable().meta({ description: 'null for the whole business.' }),
    status: z.enum(['invited', 'active', 'removed']),
  })
  .meta({ id: 'Staff' });

export type StaffView = z.output<typeof staffSchema>;
