import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { currency, storeIds, zone } from '../fields.ts';
import { fraudRulesSchema } from '../fraud-rules.ts';
import { idSchema } from '../id-schema.ts';
import { text } from '../text.ts';

/** Fields of a program that may be changed later; what it counts, and in which money, may not. */
export const programFields = {
  name: text({ max: 100 }),
  description: text({ max: 1_000 })
    .nullable()
    .optional()
    .meta({ description: 'What customers read about it.' }),
  storeIds: storeIds.optional(),
  enrolment: z.enum(['automatic', 'by-request']).optional().meta({
    description: 'Whether a first sale opens a card by itself (the default), or the customer asks.',
  }),
  fraud: fraudRulesSchema.nullable().optional().meta({
    description: 'What is watched for from now on; null: nothing.',
  }),
};

const fields = z.strictObject({
  brandId: idSchema('brd'),
  unit: z.enum(['stamp', 'point']),
  currency: currency.optional().meta({ description: 'The business’s own unless told otherwise.' }),
  zone: zone.optional().meta({ description: 'In which rewards expire; the business’s own.' }),
  ...programFields,
});

export const createProgram = defineCommand({
  name: 'create-program',
  version: 1,
  queue: 'changes',
  body: fields,
  payload: fields,
});
