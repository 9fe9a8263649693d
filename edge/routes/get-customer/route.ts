import { z } from 'zod';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/customers/{id}`: what is known of somebody. */
export function getCustomerRoute(deps: { customers: CustomerDirectory }) {
  return defineRoute({
    name: 'get-customer',
    method: 'get',
    path: '/v1/admin/customers/:id',
    tag: 'Admin',
    summary: 'A customer',
    description:
      'One who was merged names who carries on (`mergedInto`); of one who was erased only the id ' +
      'is left.',
    scope: 'admin:read',
    params: z.object({ id: idSchema('cus') }),
    responses: {
      200: { description: 'The customer.', schema: z.object({ customer: customerSchema }) },
    },
    async handle({ params, principal }) {
      const customer = await deps.customers.find(principal.businessId, params.id);
      if (!customer) throw new Problem('not-found');
      return { status: 200, body: { customer } };
    },
  });
}
