import { z } from 'zod';
import { revised } from './revised.ts';

export const businessSchema = z
  .object({
    ...revised,
    name: z.string(),
    zone: z.string(),
    defaultCurrency: z.string(),
    acceptPastDays: z.int(),
    acceptFutureMinutes: z.int(),
    refundWaitDays: z.int(),
    adjustmentLimit: z.int().nullable(),
    locale: z.string(),
  })
  .meta({ id: 'Business' });

export type BusinessView = z.output<typeof businessSchema>;
