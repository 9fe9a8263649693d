import { z } from 'zod';
import { cardViewSchema, presentCard } from '../../card-view.ts';
import type { Books } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/customer/me/cards`: all cards of whoever asks, of this business. */
export function listMyCardsRoute(deps: { books: Books }) {
  return defineRoute({
    name: 'list-my-cards',
    method: 'get',
    path: '/v1/customer/me/cards',
    tag: 'Customer',
    summary: 'My cards',
    description: 'All at once: a customer has one card in a program.',
    scope: 'self:read',
    responses: {
      200: { description: 'Your cards.', schema: z.object({ data: z.array(cardViewSchema) }) },
    },
    async handle({ principal: { businessId, customerId } }) {
      const found = await deps.books.findHoldings(businessId, customerId);
      return { status: 200, body: { data: found.cards.map(presentCard) } };
    },
  });
}
