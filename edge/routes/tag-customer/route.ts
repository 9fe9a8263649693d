import { z } from 'zod';
import { tagCustomer } from '../../../queues/commands/tag-customer.ts';
import { tag } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `PUT /v1/admin/customers/{id}/tags/{tag}`: somebody is sorted under a tag. */
export function tagCustomerRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return commandRoute(deps, tagCustomer, {
    method: 'put',
    path: '/v1/admin/customers/:id/tags/:tag',
    tag: 'Admin',
    summary: 'Tag a customer',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus'), tag }),
    done: { status: 200, description: 'Tagged.', schema: z.object({ customer: customerSchema }) },
    payload: ({ params }) => ({ customerId: params.id, tag: params.tag }),
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
