import { z } from 'zod';
import { unmergeCustomers } from '../../../queues/commands/unmerge-customers.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/unmerge`: they were two people after all. */
export function unmergeCustomersRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return defineRoute({
    name: unmergeCustomers.name,
    method: 'post',
    path: '/v1/admin/customers/:id/unmerge',
    tag: 'Admin',
    summary: 'Take a merge back',
    description:
      'Named by the customer who was merged away. Within 30 days, while nothing that came with ' +
      'them was spent, has expired or was repaid. What the other one earned since stays theirs.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    responses: {
      200: { description: 'Who is there again.', schema: z.object({ customer: customerSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { mergedId: params.id };
      const request = { command: unmergeCustomers, body: payload, payload, principal, headers };
      const reply = await deps.gate.reply(request, 200);
      return withCustomer(reply, deps.customers, principal.businessId);
    },
  });
}
