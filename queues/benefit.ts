import { z } from 'zod';
import { DECIMAL_PATTERN } from '../domain/values/decimal.ts';
import { isCurrency } from '../domain/values/money.ts';
import { text } from './text.ts';

// As for a till's sums: a trillion minor units is beyond any shop and far below 2^53.
const MAX_MINOR = 1_000_000_000_000;

/** What a reward is good for, as a business writes it. */
export const benefit = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('freeItem'),
    description: text({ max: 200 }),
    skus: z
      .array(text({ max: 64 }))
      .max(500)
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('amountOff'),
    amountMinor: z.int().min(1).max(MAX_MINOR),
    currency: z.string().length(3).refine(isCurrency, { error: 'must be an ISO 4217 code' }),
  }),
  z.strictObject({
    kind: z.literal('percentOff'),
    percent: z
      .string()
      .regex(DECIMAL_PATTERN)
      .refine((value) => Number(value) > 0 && Number(value) <= 100, {
        error: 'must be more than 0 and at most 100',
      }),
  }),
  z.strictObject({ kind: z.literal('custom'), text: text({ max: 500 }) }),
]);
