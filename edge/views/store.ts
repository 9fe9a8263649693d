import { z } from 'zod';
import { revised } from './revised.ts';

export const storeSchema = z
  .object({
    ...revised,
    brandId: z.string(),
    name: z.string(),
    zone: z.string(),
    dayStartMinutes: z.int(),
    externalId: z.string().nullable(),
    address: z.string().nullable(),
    openingHours: z
      .array(z.object({ weekday: z.int(), opens: z.string(), closes: z.string() }))
      .nullable(),
    deactivatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Store' });

export type StoreView = z.output<typeof storeSchema>;
