import { z } from 'zod';

export { idSchema } from '../queues/id-schema.ts';

/** An amount of a program's unit. */
export const presentedAmount = z
  .union([z.int(), z.string()])
  .meta({ description: 'Stamps as an integer, points as a decimal string.' });

/** One line of a trace. */
export const explanationStep = z.object({
  code: z.string().meta({ description: 'Stable; new codes may be added.' }),
  text: z.string().meta({ description: 'A sentence for the shopkeeper.' }),
});

/** What a reward is worth to its customer. */
export const benefitSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('freeItem'),
    description: z.string(),
    skus: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('amountOff'), amountMinor: z.int(), currency: z.string() }),
  z.object({ kind: z.literal('percentOff'), percent: z.string() }),
  z.object({ kind: z.literal('custom'), text: z.string() }),
]);

/** An issued reward, as of now. */
export const rewardSchema = z
  .object({
    id: z.string(),
    definitionId: z.string(),
    cardId: z.string(),
    programId: z.string(),
    code: z.string(),
    name: z.string(),
    benefit: benefitSchema,
    cost: presentedAmount,
    status: z.enum(['available', 'reserved', 'redeemed', 'reversed', 'expired', 'revoked']),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    reservedUntil: z.iso.datetime().nullable(),
    redeemedAt: z.iso.datetime().nullable(),
    redeemedStoreId: z.string().nullable(),
  })
  .meta({ id: 'Reward' });

const cardOutcome = z
  .object({
    cardId: z.string(),
    programId: z.string(),
    unit: z.enum(['stamp', 'point']),
    earned: presentedAmount,
    capped: presentedAmount,
    balance: presentedAmount,
    progress: z
      .object({ current: presentedAmount, target: presentedAmount, text: z.string() })
      .nullable(),
    rewardsIssued: z.array(
      z.object({
        id: z.string(),
        definitionId: z.string(),
        name: z.string(),
        code: z.string(),
        benefit: benefitSchema,
        expiresAt: z.iso.datetime().nullable(),
      }),
    ),
    offers: z
      .array(
        z.object({
          instanceId: z.string(),
          offerId: z.string(),
          name: z.string(),
          step: z.enum(['progress', 'completed', 'moved']),
          awardId: z.string().nullable().meta({
            description: 'The transaction that gave the benefit, if it was given just now.',
          }),
        }),
      )
      .optional()
      .meta({ description: 'Offers that the sale brought on.' }),
    held: z
      .object({
        approvalId: z.string(),
        wouldEarn: presentedAmount,
        reasons: z.array(z.object({ rule: z.string(), text: z.string() })),
      })
      .optional()
      .meta({ description: 'Why nothing was given yet: it waits for somebody’s approval.' }),
    explanation: z.array(explanationStep),
  })
  .meta({ id: 'CardOutcome' });

export const money = z
  .object({ amount: z.int(), currency: z.string() })
  .meta({ id: 'Money', description: 'Integer minor units and their ISO 4217 currency.' });

export const transactionSchema = z
  .object({
    id: z.string(),
    externalId: z.string(),
    storeId: z.string(),
    status: z.enum(['recorded', 'review']),
    occurredAt: z.iso.datetime(),
    businessDate: z.iso.date(),
    total: money,
    customerId: z.string().nullable(),
    cards: z.array(cardOutcome),
    notes: z.array(z.string()),
    pointsSpent: z
      .object({
        cardId: z.string(),
        programId: z.string(),
        amount: presentedAmount,
        balance: presentedAmount,
        text: z.string(),
      })
      .optional()
      .meta({ description: 'Points that paid for it, and what was left before it earned.' }),
    vouchers: z
      .array(
        z.object({
          voucherCode: z.string(),
          used: z.boolean(),
          rewardId: z.string().optional(),
          code: z
            .string()
            .optional()
            .meta({ description: 'Why it could not be used; the sale stands all the same.' }),
        }),
      )
      .optional(),
    claimCode: z.string().optional().meta({
      description:
        'Of a sale without a customer: print it, and whoever holds the receipt can claim the sale.',
    }),
  })
  .meta({ id: 'Transaction' });

export const transactionResultSchema = z
  .object({ transaction: transactionSchema })
  .meta({ id: 'TransactionResult' });

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const jobSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    status: z.enum(['queued', 'processing', 'waiting', 'completed', 'declined', 'failed']),
    createdAt: z.iso.datetime().optional(),
    finishedAt: z.iso.datetime().optional(),
    progress: z
      .object({ done: z.int(), total: z.int() })
      .optional()
      .meta({ description: 'How far a long job is.' }),
    result: z
      .object({ transaction: transactionSchema.optional() })
      .catchall(z.unknown())
      .optional()
      .meta({ description: 'What the command answers to a client that waits.' }),
    problem: problemSchema.optional(),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Job' });

export const acceptedSchema = z.object({ job: jobSchema }).meta({ id: 'Accepted' });

/** A card that a customer has in a program, whether it was there before or not. */
export const openedCardSchema = z.object({
  card: z.object({
    id: z.string(),
    code: z.string(),
    programId: z.string(),
    isNew: z.boolean(),
  }),
});
