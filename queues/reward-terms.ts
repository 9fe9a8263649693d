import { z } from 'zod';
import { benefit } from './benefit.ts';
import { idSchema } from './id-schema.ts';
import { text } from './text.ts';

const MAX_DAYS = 3_660;
const MAX_COUPONS = 1_000;

const count = z.int().min(1).max(1_000_000_000);

const season = z
  .strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    error: 'must not end before it begins',
  });

/** What a reward that customers claim promises: what is stored, and what an admin sends. */
export const rewardTerms = {
  name: text({ max: 120 }),
  cost: z
    .string()
    .regex(/^(0|[1-9]\d{0,11})$/)
    .meta({
      description: 'Whole stamps or points; "0" for a coupon.',
      examples: ['250', '0'],
    }),
  benefit,
  validForDays: z
    .int()
    .min(1)
    .max(MAX_DAYS)
    .optional()
    .meta({ description: 'Days a claimed reward lives, to the end of the last one.' }),
  validUntil: z.iso
    .date()
    .optional()
    .meta({ description: 'The last day on which a claimed reward is good.' }),
  stock: count.optional().meta({ description: 'How many there are in all.' }),
  limitPerCustomer: count.optional(),
  season: season.optional().meta({
    description: 'When it can be claimed: both days included, in the program’s zone.',
  }),
  customerTags: z
    .array(text({ max: 64 }))
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'Only for customers with one of these tags.' }),
  storeIds: z.array(idSchema('sto')).min(1).max(500).optional(),
  occasion: z.enum(['birthday']).optional().meta({
    description:
      'Not claimed: given by itself on the customer’s birthday, once a year. It costs nothing.',
  }),
  couponCodes: z
    .array(text({ max: 64 }))
    .min(1)
    .max(MAX_COUPONS)
    .optional()
    .meta({ description: 'Claimed only with one of these coupons.' }),
};

/** The same as one object, as it is stored. */
export const rewardTermsSchema = z.strictObject(rewardTerms);

/** Some of it: what is left out stays, null takes a limit away. */
export const rewardTermsPatch = {
  name: rewardTerms.name,
  cost: rewardTerms.cost,
  benefit,
  validForDays: rewardTerms.validForDays.nullable(),
  validUntil: rewardTerms.validUntil.nullable(),
  stock: rewardTerms.stock.nullable(),
  limitPerCustomer: rewardTerms.limitPerCustomer.nullable(),
  season: rewardTerms.season.nullable(),
  customerTags: rewardTerms.customerTags.nullable(),
  storeIds: rewardTerms.storeIds.nullable(),
  occasion: rewardTerms.occasion.nullable(),
  couponCodes: rewardTerms.couponCodes.nullable(),
};
