import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { zone } from '../fields.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ examples: ['08:00'] });

/** Fields of a store that may be changed later; a brand may not. */
export const storeFields = {
  name: text({ max: 100 }),
  zone,
  dayStartMinutes: z.int().min(0).max(1_439).optional().meta({
    description: 'Minutes after midnight at which a new business day begins; 240 is 04:00.',
  }),
  externalId: text({ max: 64 })
    .nullable()
    .optional()
    .meta({ description: 'What the till system calls it.' }),
  address: text({ max: 300 }).nullable().optional(),
  openingHours: z
    .array(z.strictObject({ weekday: z.int().min(1).max(7), opens: clock, closes: clock }))
    .max(28)
    .nullable()
    .optional()
    .meta({
      description: 'Local times by ISO weekday (1 is Monday); closing after midnight is early.',
    }),
};

const fields = z.strictObject({ brandId: idSchema('brd'), ...storeFields });

export const createStore = defineCommand({
  name: 'create-store',
  version: 1,
  queue: 'changes',
  body: fields,
  payload: fields,
});
