import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { promotionDefinitionSchema } from '../promotion-definition.ts';

const definition = promotionDefinitionSchema;

export const updatePromotion = defineCommand({
  name: 'update-promotion',
  version: 1,
  queue: 'changes',
  body: z.strictObject({ definition }),
  payload: z.strictObject({ ...target('prm'), definition }),
});
