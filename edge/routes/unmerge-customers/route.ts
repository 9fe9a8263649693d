import { z } from 'zod';
import { unmergeCustomers } from '../../../queues/commands/unmerge-customers.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/unmerge`: they were two people after all. */
export function unmergeCustomersRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return commandRoute(deps, unmergeCustomers, {
    method: 'post',
    path: '/v1/admin/customers/:id/unmerge',
    tag: 'Admin',
    summary: 'Take a merge back',
    description:
      'Named by the customer who was merged away. Within 30 days, while nothing that came with ' +
      'them was spent, has expired or was repaid. What the other one earned since stays theirs.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    done: {
      status: 200,
      description: 'Who is there again.',
      schema: z.object({ customer: customerSchema }),
    },
    payload: ({ params }) => ({ mergedId: params.id }),
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
