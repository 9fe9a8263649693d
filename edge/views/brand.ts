import { z } from 'zod';

export const brandSchema = z
  .object({
    id: z.string(),
    revision: z.int(),
    name: z.string(),
    description: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Brand' });

export type BrandView = z.output<typeof brandSchema>;
