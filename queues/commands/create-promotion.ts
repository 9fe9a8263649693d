import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { promotionDefinitionSchema } from '../promotion-definition.ts';

const promotion = { programId: idSchema('prg'), definition: promotionDefinitionSchema };

export const createPromotion = defineCommand({
  name: 'create-promotion',
  version: 1,
  queue: 'changes',
  body: z.strictObject(promotion),
  payload: z.strictObject(promotion),
});
