import { z } from 'zod';
import { createCustomer } from '../../../queues/commands/create-customer.ts';
import type { PersonalSealer } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';

/** `POST /v1/admin/customers`: somebody is written down. */
export function createCustomerRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  return commandRoute(deps, createCustomer, {
    method: 'post',
    path: '/v1/admin/customers',
    tag: 'Admin',
    summary: 'Add a customer',
    description: 'With a phone, an e-mail, a name or an id of another system, or several of them.',
    scope: 'admin:write',
    body: createCustomer.body,
    done: { status: 201, description: 'Added.', schema: z.object({ customer: customerSchema }) },
    payload({ body: { programIds, tags, ...profile } }) {
      return { programIds, tags, sealed: deps.personal.seal(profile) };
    },
    compared({ body: { programIds, tags, ...profile } }) {
      return { programIds, tags, fingerprint: deps.personal.fingerprint(profile) };
    },
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
