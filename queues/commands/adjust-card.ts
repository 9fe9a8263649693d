import { z } from 'zod';
import { SIGNED_DECIMAL_PATTERN } from '../../domain/values/decimal.ts';
import { idPattern } from '../../domain/values/ids.ts';
import { defineCommand } from '../define.ts';
import { text } from '../text.ts';

const cardId = z.templateLiteral(['crd_', z.string()]).check(z.regex(idPattern('crd')));
const adjustment = {
  amount: z
    .string()
    .regex(SIGNED_DECIMAL_PATTERN)
    .refine((value) => Number(value) !== 0, { error: 'must not be 0' })
    .meta({
      description: 'Decimal string in the program’s unit; negative takes away.',
      examples: ['5', '-2.5'],
    }),
  reason: text({ max: 500 }).meta({ description: 'Why; shown in the card’s history.' }),
};

export const adjustCard = defineCommand({
  name: 'adjust-card',
  version: 1,
  queue: 'transactions',
  written: ['reason'],
  body: z.strictObject(adjustment),
  payload: z.strictObject({ cardId, ...adjustment }),
});

export type AdjustCardPayload = z.output<typeof adjustCard.payload>;
