import { z } from 'zod';
import { benefitSchema } from '../schemas.ts';

const offerBenefit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('balance'), amount: z.string() }),
  z.object({
    kind: z.literal('reward'),
    definitionId: z.string(),
    name: z.string(),
    benefit: benefitSchema,
    validForDays: z.int().nullable(),
  }),
]);

const terms = {
  name: z.string(),
  kind: z.enum(['accumulate', 'single']),
  thresholdMinor: z.int(),
  windowHours: z.int(),
  benefit: offerBenefit,
};

export const offerSchema = z
  .object({
    id: z.string(),
    revision: z.int(),
    programId: z.string(),
    status: z.enum(['draft', 'live', 'ended']),
    endedAt: z.iso.datetime().nullable(),
    ...terms,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Offer' });

export type OfferView = z.output<typeof offerSchema>;

/** An offer that a customer received, and where it stands. */
export const givenOfferSchema = z
  .object({
    id: z.string(),
    offerId: z.string(),
    programId: z.string(),
    customerId: z.string(),
    cardId: z.string(),
    status: z.enum(['open', 'completed', 'missed']).meta({
      description:
        '`missed`: its window is over. A late sale that fell into it may yet complete it.',
    }),
    opensAt: z.iso.datetime(),
    closesAt: z.iso.datetime(),
    terms: z.object(terms).meta({ description: 'As they were when it was received.' }),
    progressMinor: z.int().meta({
      description: 'The sum of purchases so far, or the largest single one.',
    }),
    completedAt: z.iso.datetime().nullable(),
    completedBy: z
      .object({ transactionId: z.string(), externalId: z.string() })
      .nullable()
      .meta({ description: 'The sale that completed it.' }),
    awardId: z.string().nullable().meta({ description: 'The transaction that gave the benefit.' }),
  })
  .meta({ id: 'GivenOffer' });

export type GivenOfferView = z.output<typeof givenOfferSchema>;

/** An offer as the command that gave it answers. */
export const openedOfferSchema = z
  .object({
    id: z.string(),
    customerId: z.string(),
    cardId: z.string(),
    opensAt: z.iso.datetime(),
    closesAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable().meta({
      description: 'Set where purchases that were here already completed it.',
    }),
  })
  .meta({ id: 'OpenedOffer' });
