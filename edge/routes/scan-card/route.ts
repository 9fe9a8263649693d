import { z } from 'zod';
import { text } from '../../../queues/text.ts';
import { type CardReader, cardViewSchema, presentCard, rewardViewSchema } from '../../card-view.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';

/** `POST /v1/admin/counter/scan`: who stands at the counter. A code in a path would be logged. */
export function scanCardRoute(deps: { books: Books; cards: CardReader }) {
  return defineRoute({
    name: 'scan-card',
    method: 'post',
    path: '/v1/admin/counter/scan',
    tag: 'Counter',
    summary: 'Scan a card',
    scope: 'counter:read',
    guard: { perMinute: 120, countsMisses: true },
    body: z.strictObject({ cardCode: text({ min: 8, max: 64 }) }),
    responses: {
      200: {
        description: 'The customer, their cards and what they can have.',
        schema: z.object({
          customer: z.object({
            id: z.string(),
            name: z.string().nullable(),
            lastVisitAt: z.iso.datetime().nullable(),
          }),
          cards: z.array(cardViewSchema),
          rewards: z.array(rewardViewSchema),
        }),
      },
    },
    async handle({ body: { cardCode }, principal: { businessId } }) {
      const found = await deps.books.findCustomer(businessId, { cardCode });
      if (!found) throw new Problem('not-found');
      const { id, name, cards, rewards } = found;
      const lastVisitAt = await deps.cards.findLastVisit(businessId, id);
      return {
        status: 200,
        body: { customer: { id, name, lastVisitAt }, cards: cards.map(presentCard), rewards },
      };
    },
  });
}
