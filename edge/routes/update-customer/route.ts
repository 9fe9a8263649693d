import { z } from 'zod';
import { updateCustomer } from '../../../queues/commands/update-customer.ts';
import type { PersonalSealer } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `PATCH /v1/admin/customers/{id}`: what is known of somebody changes. */
export function updateCustomerRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  return commandRoute(deps, updateCustomer, {
    method: 'patch',
    path: '/v1/admin/customers/:id',
    tag: 'Admin',
    summary: 'Change a customer',
    description:
      'Fields that are left out stay; null empties one. Consents and external ids change one by one.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    body: updateCustomer.body,
    done: { status: 200, description: 'Changed.', schema: z.object({ customer: customerSchema }) },
    payload({ params, body }) {
      return { customerId: params.id, sealed: deps.personal.seal(body) };
    },
    compared({ params, body }) {
      return { customerId: params.id, fingerprint: deps.personal.fingerprint(body) };
    },
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
