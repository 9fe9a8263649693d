import { z } from 'zod';
import { tagCustomer } from '../../../queues/commands/tag-customer.ts';
import { tag } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `PUT /v1/admin/customers/{id}/tags/{tag}`: somebody is sorted under a tag. */
export function tagCustomerRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return defineRoute({
    name: tagCustomer.name,
    method: 'put',
    path: '/v1/admin/customers/:id/tags/:tag',
    tag: 'Admin',
    summary: 'Tag a customer',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus'), tag }),
    responses: {
      200: { description: 'Tagged.', schema: z.object({ customer: customerSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { customerId: params.id, tag: params.tag };
      const request = { command: tagCustomer, body: payload, payload, principal, headers };
      const reply = await deps.gate.reply(request, 200);
      return withCustomer(reply, deps.customers, principal.businessId);
    },
  });
}
