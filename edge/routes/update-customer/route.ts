import { z } from 'zod';
import { updateCustomer } from '../../../queues/commands/update-customer.ts';
import type { PersonalSealer } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `PATCH /v1/admin/customers/{id}`: what is known of somebody changes. */
export function updateCustomerRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  return defineRoute({
    name: updateCustomer.name,
    method: 'patch',
    path: '/v1/admin/customers/:id',
    tag: 'Admin',
    summary: 'Change a customer',
    description:
      'Fields that are left out stay; null empties one. Consents and external ids change one by one.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    body: updateCustomer.body,
    responses: {
      200: { description: 'Changed.', schema: z.object({ customer: customerSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const customerId = params.id;
      const request = {
        command: updateCustomer,
        body: { customerId, fingerprint: deps.personal.fingerprint(body) },
        payload: { customerId, sealed: deps.personal.seal(body) },
        principal,
        headers,
      };
      const reply = await deps.gate.reply(request, 200);
      return withCustomer(reply, deps.customers, principal.businessId);
    },
  });
}
