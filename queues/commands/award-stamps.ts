import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

const award = {
  cardCode: text({ min: 8, max: 64 }),
  storeId: idSchema('sto'),
  stamps: z.int().min(1).max(20),
};

export const awardStamps = defineCommand({
  name: 'award-stamps',
  version: 1,
  queue: 'transactions',
  body: z.strictObject(award),
  payload: z.strictObject(award),
});
