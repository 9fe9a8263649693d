import { z } from 'zod';
import { updateCustomer } from '../../../queues/commands/update-customer.ts';
import { type PersonalSealer, profileChangeFields } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';
import { meSchema, presentMe } from '../../self.ts';

/** `PATCH /v1/customer/me`: a customer says how they are called, and what they agree to. */
export function updateMeRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  const { name, birthday, locale, consents } = profileChangeFields;
  return defineRoute({
    name: 'update-me',
    method: 'patch',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Change my record',
    description: 'Fields left out stay, null empties one. Contacts are proved when signing in.',
    scope: 'self:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: z
      .strictObject({ name, birthday, locale, consents })
      .refine((body) => Object.keys(body).length > 0, { error: 'must change something' }),
    exampleBody: { locale: 'pt-PT', consents: { emailMarketing: true } },
    responses: {
      200: { description: 'Changed.', schema: z.object({ customer: meSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      const { businessId, customerId } = principal;
      const reply = await deps.gate.reply(
        {
          command: updateCustomer,
          body: { customerId, fingerprint: deps.personal.fingerprint(body) },
          payload: { customerId, sealed: deps.personal.seal(body) },
          principal,
          headers,
        },
        200,
      );
      if (reply.status === 202) return reply;
      const customer = await deps.customers.find(businessId, customerId);
      if (!customer) throw new Problem('not-found');
      return { ...reply, body: { customer: presentMe(businessId, customer) } };
    },
  });
}
