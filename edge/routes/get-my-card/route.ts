import { z } from 'zod';
import { presentAmount } from '../../../domain/values/units.ts';
import { cardViewSchema, presentCard, rewardViewSchema } from '../../card-view.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema, presentedAmount } from '../../schemas.ts';

/** `GET /v1/customer/me/cards/{id}`: a card with what it is worth and what runs out. */
export function getMyCardRoute(deps: { books: Books }) {
  return defineRoute({
    name: 'get-my-card',
    method: 'get',
    path: '/v1/customer/me/cards/:id',
    tag: 'Customer',
    summary: 'One of my cards',
    scope: 'self:read',
    params: z.object({ id: idSchema('crd') }),
    responses: {
      200: {
        description: 'The card, its usable rewards, and what expires soonest.',
        schema: z.object({
          card: cardViewSchema,
          rewards: z.array(rewardViewSchema),
          expiring: z.array(z.object({ amount: presentedAmount, expiresAt: z.iso.datetime() })),
        }),
      },
    },
    async handle({ params: { id }, principal: { businessId, customerId } }) {
      const found = await deps.books.findHoldings(businessId, customerId);
      const card = found.cards.find((c) => c.id === id);
      if (!card) throw new Problem('not-found');
      return {
        status: 200,
        body: {
          card: presentCard(card),
          rewards: found.rewards.filter((reward) => reward.cardId === id),
          expiring: card.expiring.map(({ amount, expiresAt }) => ({
            amount: presentAmount(amount, card.unit),
            expiresAt,
          })),
        },
      };
    },
  });
}
