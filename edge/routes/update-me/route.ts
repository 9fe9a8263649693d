import { z } from 'zod';
import { updateCustomer } from '../../../queues/commands/update-customer.ts';
import { type PersonalSealer, profileChangeFields } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { meSchema, presentMe } from '../../self.ts';

/** `PATCH /v1/customer/me`: a customer says how they are called, and what they agree to. */
export function updateMeRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  const { name, birthday, locale, consents } = profileChangeFields;
  return commandRoute(deps, updateCustomer, {
    name: 'update-me',
    method: 'patch',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Change my record',
    description: 'Fields left out stay, null empties one. Contacts are proved when signing in.',
    scope: 'self:write',
    body: z
      .strictObject({ name, birthday, locale, consents })
      .refine((body) => Object.keys(body).length > 0, { error: 'must change something' }),
    exampleBody: { locale: 'pt-PT', consents: { emailMarketing: true } },
    done: { status: 200, description: 'Changed.', schema: z.object({ customer: meSchema }) },
    payload({ body, principal: { customerId } }) {
      return { customerId, sealed: deps.personal.seal(body) };
    },
    compared({ body, principal: { customerId } }) {
      return { customerId, fingerprint: deps.personal.fingerprint(body) };
    },
    async present(reply, { principal: { businessId, customerId } }) {
      const customer = await deps.customers.find(businessId, customerId);
      if (!customer) throw new Problem('not-found');
      return { ...reply, body: { customer: presentMe(businessId, customer) } };
    },
  });
}
