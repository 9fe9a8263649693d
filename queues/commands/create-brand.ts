import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { text } from '../text.ts';

export const brandFields = {
  name: text({ max: 100 }).meta({ examples: ['Café Central'] }),
  description: text({ max: 1_000 })
    .nullable()
    .optional()
    .meta({ description: 'What customers read about it.' }),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .nullable()
    .optional()
    .meta({ description: 'Of its mails: six hexadecimal digits.', examples: ['#7a3b1d'] }),
};

export const createBrand = defineCommand({
  name: 'create-brand',
  version: 1,
  queue: 'changes',
  body: z.strictObject(brandFields),
  payload: z.strictObject(brandFields),
});
