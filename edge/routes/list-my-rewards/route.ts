import { z } from 'zod';
import { rewardViewSchema } from '../../card-view.ts';
import type { Books } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/customer/me/rewards`: what whoever asks can have. */
export function listMyRewardsRoute(deps: { books: Books }) {
  return defineRoute({
    name: 'list-my-rewards',
    method: 'get',
    path: '/v1/customer/me/rewards',
    tag: 'Customer',
    summary: 'My rewards',
    description: 'Those that can be used now, of all cards.',
    scope: 'self:read',
    responses: {
      200: { description: 'Your rewards.', schema: z.object({ data: z.array(rewardViewSchema) }) },
    },
    async handle({ principal: { businessId, customerId } }) {
      const found = await deps.books.findHoldings(businessId, customerId);
      return { status: 200, body: { data: found.rewards } };
    },
  });
}
