import { z } from 'zod';
import { STAFF_MAILS } from '../../domain/values/mail-kinds.ts';
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
    mailRefusals: z
      .array(z.enum(STAFF_MAILS))
      .meta({ description: 'Kinds of mail that they do not want.' }),
  })
  .meta({ id: 'Staff' });

export type StaffView = z.output<typeof staffSchema>;
