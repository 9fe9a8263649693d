import { z } from 'zod';
import { eraseCustomer } from '../../../queues/commands/erase-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `DELETE /v1/admin/customers/{id}`: somebody is forgotten. */
export function eraseCustomerRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return commandRoute(deps, eraseCustomer, {
    method: 'delete',
    path: '/v1/admin/customers/:id',
    tag: 'Admin',
    summary: 'Erase a customer',
    description:
      'Everything personal goes, also of those who were merged into them, and cannot be brought ' +
      'back. Cards are closed with what is on them. Amounts stay in the books under an id that ' +
      'means nobody.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    done: {
      status: 200,
      description: 'What is left.',
      schema: z.object({ customer: customerSchema }),
    },
    payload: ({ params }) => ({ customerId: params.id }),
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
