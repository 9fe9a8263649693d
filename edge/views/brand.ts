import { z } from 'zod';
import { logoSchema } from './logo.ts';
import { revised } from './revised.ts';

export const brandSchema = z
  .object({
    ...revised,
    name: z.string(),
    description: z.string().nullable(),
    colour: z.string().nullable(),
    logo: logoSchema,
  })
  .meta({ id: 'Brand' });

export type BrandView = z.output<typeof brandSchema>;
