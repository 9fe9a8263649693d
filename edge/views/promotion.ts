import { z } from 'zod';
import { promotionDefinitionSchema } from '../../queues/promotion-definition.ts';

export const promotionSchema = z
  .object({
    id: z.string(),
    revision: z.int(),
    programId: z.string(),
    status: z.enum(['draft', 'live', 'paused', 'ended']),
    definition: promotionDefinitionSchema,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Promotion' });

export type PromotionView = z.output<typeof promotionSchema>;
