import { z } from 'zod';
import { DECIMAL_PATTERN } from '../domain/values/decimal.ts';
import { idPattern } from '../domain/values/ids.ts';
import { text } from './text.ts';

const amount = z
  .string()
  .regex(DECIMAL_PATTERN)
  .refine((value) => Number(value) > 0, { error: 'must be more than 0' })
  .meta({ description: 'Decimal string in the program’s unit.', examples: ['5'] });

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be HH:MM' });

/** What an owner writes of a promotion, and what is stored of it. */
export const promotionDefinitionSchema = z
  .strictObject({
    name: text({ max: 100 }),
    window: z
      .strictObject({
        from: z.iso.date().optional(),
        to: z.iso.date().optional().meta({ description: 'Last business date, included.' }),
        weekdays: z
          .array(z.int().min(1).max(7))
          .min(1)
          .max(7)
          .optional()
          .meta({ description: 'ISO weekdays of the store’s business date, 1 = Monday.' }),
        hours: z
          .strictObject({ from: clock, to: clock })
          .optional()
          .meta({
            description:
              'On the store’s clock, `from` included, `to` not. An end before its start runs past ' +
              'midnight and belongs to the evening it began on.',
          }),
      })
      .default({}),
    storeIds: z
      .array(z.templateLiteral(['sto_', z.string()]).check(z.regex(idPattern('sto'))))
      .min(1)
      .max(1_000)
      .optional(),
    tiers: z
      .array(text({ max: 100 }))
      .min(1)
      .max(20)
      .optional(),
    audience: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('firstPurchase') }),
        z.strictObject({ kind: z.literal('birthdayWeek') }),
        z.strictObject({ kind: z.literal('tag'), tag: text({ max: 64 }) }),
      ])
      .optional(),
    effect: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('multiplier'),
        multiplier: z
          .string()
          .regex(DECIMAL_PATTERN)
          .meta({ examples: ['2'] }),
      }),
      z.strictObject({ kind: z.literal('bonus'), amount }),
    ]),
    stackable: z.boolean().default(false).meta({
      description: 'Multiplies with other promotions instead of competing with them.',
    }),
    limit: z
      .strictObject({
        uses: z.int().min(1).max(1_000_000),
        per: z.enum(['day', 'week', 'month', 'promotion']),
      })
      .optional()
      .meta({ description: 'How often one customer has it.' }),
    budget: amount.optional().meta({
      description: 'What it gives in all, as a decimal string in the program’s unit.',
    }),
  })
  .meta({ id: 'PromotionDefinition' });
