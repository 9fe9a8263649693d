import { z } from 'zod';
import { untagCustomer } from '../../../queues/commands/untag-customer.ts';
import { tag } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `DELETE /v1/admin/customers/{id}/tags/{tag}`: somebody is no longer sorted under a tag. */
export function untagCustomerRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return commandRoute(deps, untagCustomer, {
    method: 'delete',
    path: '/v1/admin/customers/:id/tags/:tag',
    tag: 'Admin',
    summary: 'Take a tag off a customer',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus'), tag }),
    done: {
      status: 200,
      description: 'The tag is off.',
      schema: z.object({ customer: customerSchema }),
    },
    payload: ({ params }) => ({ customerId: params.id, tag: params.tag }),
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
