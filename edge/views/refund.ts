import { z } from 'zod';
import { explanationStep, money, presentedAmount } from '../schemas.ts';

const namedReward = z.object({ id: z.string(), name: z.string(), code: z.string() });

/** A recorded refund, as the API shows it. */
export const refundSchema = z
  .object({
    id: z.string(),
    externalId: z.string(),
    transactionId: z.string().meta({ description: 'The sale.' }),
    storeId: z.string(),
    occurredAt: z.iso.datetime(),
    refunded: money,
    remaining: money.meta({ description: 'What is left of the sale.' }),
    reason: z.string().nullable(),
    pointsReturned: z
      .object({
        cardId: z.string(),
        programId: z.string(),
        amount: presentedAmount,
        balance: presentedAmount,
        text: z.string(),
      })
      .optional()
      .meta({ description: 'Of the points that paid for the sale, in proportion to the money.' }),
    cards: z.array(
      z
        .object({
          cardId: z.string(),
          programId: z.string(),
          unit: z.enum(['stamp', 'point']),
          reversed: presentedAmount,
          balance: presentedAmount,
          debt: presentedAmount.meta({
            description: 'What the card owes by now; the next earning pays it first.',
          }),
          rewardsRevoked: z.array(namedReward).meta({ description: 'Their codes are dead.' }),
          rewardsRestored: z
            .array(namedReward.extend({ expiresAt: z.iso.datetime().nullable() }))
            .meta({ description: 'Used in the sale, and given back.' }),
          explanation: z.array(explanationStep),
        })
        .meta({ id: 'CardRefund' }),
    ),
  })
  .meta({ id: 'Refund' });
