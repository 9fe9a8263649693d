import { z } from 'zod';
import { DECIMAL_PATTERN } from '../domain/values/decimal.ts';
import { idPattern } from '../domain/values/ids.ts';

const rate = z.string().regex(DECIMAL_PATTERN);
const minor = z.int().min(0);

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
          skus: z.array(z.string()).optional(),
          categories: z.array(z.string()).optional(),
        }),
      ]),
    )
    .min(1),
  combine: z.enum(['sum', 'best']).default('sum'),
  carryFractions: z.boolean().default(true),
  earnOnTax: z.boolean().default(false),
  promotions: z
    .array(
      z.strictObject({
        name: z.string(),
        weekdays: z.array(z.int().min(1).max(7)).optional(),
        multiplier: rate,
      }),
    )
    .default([]),
  caps: z
    .strictObject({
      perTransaction: rate.optional(),
      perBusinessDay: rate.optional(),
      minimumMinutesBetween: z.int().min(1).optional(),
    })
    .default({}),
  autoReward: z
    .strictObject({
      id: z.templateLiteral(['rdf_', z.string()]).check(z.regex(idPattern('rdf'))),
      name: z.string(),
      // Only whole stamps and points can be spent.
      cost: z.string().regex(/^[1-9]\d{0,11}$/),
      benefit: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('freeItem'),
          description: z.string(),
          skus: z.array(z.string()).optional(),
        }),
        z.strictObject({
          kind: z.literal('amountOff'),
          amountMinor: minor,
          currency: z.string().length(3),
        }),
        z.strictObject({ kind: z.literal('percentOff'), percent: rate }),
        z.strictObject({ kind: z.literal('custom'), text: z.string() }),
      ]),
      validForDays: z.int().min(1).nullable().default(null),
    })
    .nullable()
    .default(null),
});
