import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer, OfferReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { type GivenOfferView, givenOfferSchema } from '../../views/offer.ts';

/** `GET /v1/admin/customers/{id}/offers`: what a customer received, and how far they are. */
export function listCustomerOffersRoute(deps: { offers: OfferReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-customer-offers',
    method: 'get',
    path: '/v1/admin/customers/:id/offers',
    tag: 'Admin',
    summary: 'A customer’s offers',
    description: 'As they were received, oldest first; completed and missed ones included.',
    scope: 'offers:read',
    params: z.object({ id: idSchema('cus') }),
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(givenOfferSchema) } },
    async handle({ params, query, principal }) {
      const { businessId } = principal;
      if (!(await deps.offers.hasCustomer(businessId, params.id))) throw new Problem('not-found');
      return pageReply(
        deps.cursors,
        {
          name: `customer-offers/${params.id}`,
          principal,
          query,
          positionOf: (item: GivenOfferView) => [item.id],
        },
        ({ limit, after }) =>
          deps.offers.listOf(businessId, params.id, { limit, after: after?.[0] }),
      );
    },
  });
}
