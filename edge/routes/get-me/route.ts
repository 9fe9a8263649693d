import { z } from 'zod';
import type { CustomerDirectory } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { meSchema, presentMe } from '../../self.ts';

/** `GET /v1/customer/me`: what this business holds about whoever asks. */
export function getMeRoute(deps: { customers: CustomerDirectory }) {
  return defineRoute({
    name: 'get-me',
    method: 'get',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Me, as this business knows me',
    scope: 'self:read',
    responses: { 200: { description: 'You.', schema: z.object({ customer: meSchema }) } },
    async handle({ principal: { businessId, customerId } }) {
      const customer = await deps.customers.find(businessId, customerId);
      if (!customer || customer.erasedAt !== null) throw new Problem('not-found');
      return { status: 200, body: { customer: presentMe(businessId, customer) } };
    },
  });
}
