import { z } from 'zod';
import { eraseCustomer } from '../../../queues/commands/erase-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `DELETE /v1/admin/customers/{id}`: somebody is forgotten. */
export function eraseCustomerRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return defineRoute({
    name: eraseCustomer.name,
    method: 'delete',
    path: '/v1/admin/customers/:id',
    tag: 'Admin',
    summary: 'Erase a customer',
    description:
      'Everything personal goes, also of those who were merged into them, and cannot be brought ' +
      'back. Cards are closed with what is on them. Amounts stay in the books under an id that ' +
      'means nobody.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    responses: {
      200: { description: 'What is left.', schema: z.object({ customer: customerSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { customerId: params.id };
      const request = { command: eraseCustomer, body: payload, payload, principal, headers };
      const reply = await deps.gate.reply(request, 200);
      return withCustomer(reply, deps.customers, principal.businessId);
    },
  });
}
