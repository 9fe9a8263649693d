import { z } from 'zod';
import { DECIMAL_PATTERN } from '../domain/values/decimal.ts';
import { DAY_OF_YEAR_PATTERN, PERIOD_PATTERN } from '../domain/values/period.ts';
import { idPattern } from '../domain/values/ids.ts';
import { text } from './text.ts';

const rate = z.string().regex(DECIMAL_PATTERN);
const minor = z.int().min(0);
const names = z.array(text({ max: 64 })).max(500);

const autoReward = z.strictObject({
  id: z.templateLiteral(['rdf_', z.string()]).check(z.regex(idPattern('rdf'))),
  name: text({ max: 100 }),
  // Only whole stamps and points can be spent.
  cost: z.string().regex(/^[1-9]\d{0,11}$/),
  benefit: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('freeItem'),
      description: text({ max: 200 }),
      skus: names.optional(),
    }),
    z.strictObject({
      kind: z.literal('amountOff'),
      amountMinor: minor,
      currency: z.string().length(3),
    }),
    z.strictObject({ kind: z.literal('percentOff'), percent: rate }),
    z.strictObject({ kind: z.literal('custom'), text: text({ max: 500 }) }),
  ]),
  validForDays: z.int().min(1).nullable().default(null),
});

const period = z
  .string()
  .regex(PERIOD_PATTERN)
  .meta({ description: 'ISO 8601 duration of one unit.', examples: ['P12M', 'P60D'] });
const expirySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('rolling'),
    period,
    countedFrom: z.enum(['each-earning', 'first-earning']).default('each-earning'),
  }),
  z.strictObject({
    kind: z.literal('fixed'),
    dates: z.array(z.string().regex(DAY_OF_YEAR_PATTERN)).min(1).max(12),
    atLeast: period.nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('inactivity'), period }),
]);

const level = {
  name: text({ max: 100 }),
  multiplier: rate.optional(),
  perks: z
    .array(text({ max: 200 }))
    .max(20)
    .optional(),
};
const tiers = {
  window: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('calendarYear') }),
    z.strictObject({ kind: z.literal('rollingMonths'), months: z.int().min(1).max(60) }),
  ]),
  downgrade: z.enum(['one-step', 'by-balance']).default('one-step'),
};

/** Levels by what was earned (in the program's unit) or spent (in minor units) in a window. */
const tierRules = z.discriminatedUnion('by', [
  z.strictObject({
    ...tiers,
    by: z.literal('earned'),
    levels: z
      .array(z.strictObject({ ...level, threshold: rate }))
      .min(1)
      .max(20),
  }),
  z.strictObject({
    ...tiers,
    by: z.literal('spend'),
    levels: z
      .array(z.strictObject({ ...level, thresholdMinor: minor }))
      .min(1)
      .max(20),
  }),
]);

/**
 * The rules of a program version, as they are posted and as they are stored; everything but its
 * number and window. The only schema of them: config-cache.ts reads stored versions through it, and
 * compiles only while it gives what the domain's ProgramVersion asks for.
 */
export const versionDefinitionSchema = z.strictObject({
  rules: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('perVisit'),
          amount: rate,
          minimumSpendMinor: minor.optional(),
        }),
        z.strictObject({ kind: z.literal('perSpend'), amount: rate, everyMinor: minor.min(1) }),
        z.strictObject({
          kind: z.literal('perItem'),
          amount: rate,
          skus: names.optional(),
          categories: names.optional(),
        }),
      ]),
    )
    .min(1)
    .max(50),
  combine: z.enum(['sum', 'best']).default('sum'),
  carryFractions: z.boolean().default(true),
  earnOnTax: z.boolean().default(false),
  promotions: z
    .array(
      z.strictObject({
        name: text({ max: 100 }),
        weekdays: z.array(z.int().min(1).max(7)).optional(),
        multiplier: rate,
      }),
    )
    .max(50)
    .default([]),
  caps: z
    .strictObject({
      perTransaction: rate.optional(),
      perBusinessDay: rate.optional(),
      minimumMinutesBetween: z.int().min(1).optional(),
      perStaffPerBusinessDay: rate.optional().meta({
        description: 'What one member of staff may give in a business day, to all cards together.',
      }),
    })
    .default({}),
  exclude: z
    .strictObject({ skus: names.optional(), categories: names.optional() })
    .optional()
    .meta({ description: 'Items that never earn, whatever the rules say.' }),
  tiers: tierRules.optional(),
  autoReward: autoReward.nullable().default(null),
  /** What a point pays for, in minor units; left out: points pay for nothing. No default, as below. */
  pointValueMinor: rate
    .refine((value) => Number(value) > 0, { error: 'must be more than 0' })
    .optional(),
  /** Left out: never. No default, because a definition in a queue is compared as it was posted. */
  expiry: expirySchema.optional(),
  refundDebt: z.enum(['owe', 'stop-at-zero']).optional(),
});

/**
 * A definition as a person writes it: an automatic reward needs no id; it keeps the one of the version
 * before, or gets a new one.
 */
export const draftDefinitionSchema = versionDefinitionSchema.extend({
  autoReward: autoReward.extend({ id: autoReward.shape.id.optional() }).nullable().default(null),
});
