import { z } from 'zod';
import type { Instant } from '../../../domain/values/time.ts';
import type { Books, RewardReader } from '../../ports.ts';
import {
  byShortCode,
  cardViewSchema,
  presentCard,
  rewardViewSchema,
  shortCode,
} from '../../card-view.ts';
import { Problem } from '../../problems.ts';
import { text } from '../../../queues/text.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';

const amount = z.union([z.int(), z.string()]);

/** `GET /v1/pos/customers/lookup`: who stands at the counter, with cards and usable rewards. */
export function lookupCustomerRoute(deps: {
  books: Books;
  rewards: RewardReader;
  codes: RotatingCodes;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'lookup-customer',
    method: 'get',
    path: '/v1/pos/customers/lookup',
    tag: 'POS',
    summary: 'Find a customer',
    scope: 'customers:read',
    guard: { perMinute: 600, countsMisses: true },
    query: z
      .strictObject({
        phone: z.e164().optional(),
        email: z.email().max(254).toLowerCase().optional(),
        cardCode: text({ min: 8, max: 64 }).optional(),
        shortCode: shortCode.optional(),
        qr: text({ min: 16, max: 128 }).optional(),
      })
      .refine((query) => Object.keys(query).length === 1, {
        error: 'must be exactly one of phone, email, cardCode, shortCode, qr',
      }),
    responses: {
      200: {
        description: 'The customer.',
        schema: z.object({
          customer: z.object({ id: z.string(), name: z.string().nullable() }),
          cards: z.array(cardViewSchema),
          rewards: z.array(rewardViewSchema),
          claimable: z
            .array(
              z.object({
                definitionId: z.string(),
                cardId: z.string(),
                name: z.string(),
                benefit: z.unknown(),
                cost: amount,
                affordable: z.boolean().meta({ description: 'Whether the card holds as much.' }),
                needsCoupon: z.boolean(),
              }),
            )
            .meta({ description: 'What they could have for their points, now and here.' }),
        }),
      },
    },
    async handle({ query, principal }) {
      const { phone, email, shortCode: typed, qr } = query;
      const { integration } = principal;
      const showing = {
        businessId: principal.businessId,
        at: deps.now(),
        by: `integration:${integration}`,
      };
      const cardCode = qr === undefined ? query.cardCode : await deps.codes.use(qr, showing);
      const by = phone ? { phone } : email ? { email } : { cardCode: cardCode ?? '' };
      const found = await deps.books.findCustomer(
        principal.businessId,
        typed === undefined ? by : byShortCode(typed),
      );
      if (!found) throw new Problem('not-found');
      const { id, name, rewards, cards } = found;
      const { businessId, storeIds } = principal;
      const here = { customerId: id, cards, storeIds, at: deps.now() };
      const claimable = await deps.rewards.claimable(businessId, here);
      return {
        status: 200,
        body: { customer: { id, name }, cards: cards.map(presentCard), rewards, claimable },
      };
    },
  });
}
