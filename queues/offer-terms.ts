import { z } from 'zod';
import { DECIMAL_PATTERN } from '../domain/values/decimal.ts';
import { parseInstant } from '../domain/values/time.ts';
import { benefit as rewardBenefit } from './benefit.ts';
import { idSchema } from './id-schema.ts';
import { text } from './text.ts';

// As for a till's sums: a trillion minor units is beyond any shop and far below 2^53.
const MAX_MINOR = 1_000_000_000_000;
const MAX_WINDOW_HOURS = 366 * 24;

const decimal = z
  .string()
  .regex(DECIMAL_PATTERN)
  .refine((value) => Number(value) > 0, { error: 'must be more than 0' });

/** What an offer asks for and gives, as a business writes it. */
export const offerTerms = {
  name: text({ max: 120 }),
  kind: z.enum(['accumulate', 'single']).meta({
    description:
      '`accumulate`: purchases inside the window add up to the threshold. ' +
      '`single`: one purchase is more than the threshold.',
  }),
  thresholdMinor: z.int().min(1).max(MAX_MINOR).meta({
    description: 'Minor units of the program’s currency.',
  }),
  windowHours: z.int().min(1).max(MAX_WINDOW_HOURS).meta({
    description: 'How long it stays open after it was received; both ends count.',
  }),
  benefit: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('balance'),
        amount: decimal.meta({ description: 'Decimal string in the program’s unit.' }),
      }),
      z.strictObject({
        kind: z.literal('reward'),
        name: text({ max: 120 }),
        benefit: rewardBenefit,
        validForDays: z.int().min(1).max(3_660).nullable().default(null),
      }),
    ])
    .meta({ description: 'What completing it gives, once for each time it was received.' }),
};

export type OfferTermsBody = z.output<z.ZodObject<typeof offerTerms>>;

/** Who receives an offer, and when. */
export const receiver = z
  .strictObject({
    customerId: idSchema('cus').optional(),
    cardCode: text({ min: 8, max: 64 }).optional(),
    receivedAt: z
      .string()
      .max(40)
      .refine((value) => !Number.isNaN(parseInstant(value)), {
        error: 'must be an RFC 3339 date-time with an offset',
      })
      .optional()
      .meta({ format: 'date-time', description: 'When it was received; now, when left out.' }),
    externalId: text({ max: 128 }).optional().meta({
      description:
        'Your own id of this receiving: sent again, in whatever batch, it opens nothing.',
    }),
  })
  .refine(({ customerId: id, cardCode }) => (id === undefined) !== (cardCode === undefined), {
    error: 'must name the customer by exactly one of customerId, cardCode',
  });

export type Receiver = z.output<typeof receiver>;
