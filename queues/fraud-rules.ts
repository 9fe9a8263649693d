import { z } from 'zod';

const action = z
  .enum(['off', 'flag', 'hold'])
  .meta({ description: '`flag`: it counts and is listed. `hold`: it waits for an approval.' });
const A_WEEK_MINUTES = 10_080;
const withinMinutes = z.int().min(1).max(A_WEEK_MINUTES);
const velocity = z.strictObject({ action, count: z.int().min(1).max(1_000), withinMinutes });
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ examples: ['22:30'] });

/** What a program watches for. What is left out is not watched. */
export const fraudRulesSchema = z
  .strictObject({
    cardVelocity: velocity.optional().meta({ description: 'More sales of one customer.' }),
    staffVelocity: velocity.optional().meta({ description: 'More sales by one member of staff.' }),
    storeVelocity: velocity.optional().meta({ description: 'More sales in one store.' }),
    quickRedeem: z.strictObject({ action, withinMinutes }).optional().meta({
      description: 'A reward redeemed so soon after what paid for it was earned.',
    }),
    offHours: z
      .strictObject({ action, from: clock, to: clock })
      .refine(({ from, to }) => from !== to, { error: 'must not be the whole day' })
      .optional()
      .meta({ description: 'Work at such hours of the store’s clocks; may pass midnight.' }),
    outlier: z
      .strictObject({
        action,
        aboveMinor: z.int().min(1).optional(),
        timesUsual: z.int().min(2).max(1_000).optional(),
      })
      .refine(({ aboveMinor, timesUsual }) => (aboveMinor ?? timesUsual) !== undefined, {
        error: 'must say what is unusual: aboveMinor, timesUsual or both',
      })
      .optional()
      .meta({
        description:
          'A sale above an amount in the program’s currency, or above so many times the average ' +
          'of the store’s last 100 sales, once there are 20.',
      }),
  })
  .meta({ id: 'FraudRules' });
