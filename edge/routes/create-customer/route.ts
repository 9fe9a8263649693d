import { z } from 'zod';
import { createCustomer } from '../../../queues/commands/create-customer.ts';
import type { PersonalSealer } from '../../../queues/personal.ts';
import type { CommandGate } from '../../command-gate.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers`: somebody is written down. */
export function createCustomerRoute(deps: {
  gate: CommandGate;
  customers: CustomerDirectory;
  personal: PersonalSealer;
}) {
  return defineRoute({
    name: createCustomer.name,
    method: 'post',
    path: '/v1/admin/customers',
    tag: 'Admin',
    summary: 'Add a customer',
    description: 'With a phone, an e-mail, a name or an id of another system, or several of them.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: createCustomer.body,
    responses: {
      201: { description: 'Added.', schema: z.object({ customer: customerSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      const { programIds, tags, ...profile } = body;
      const reply = await deps.gate.reply({
        command: createCustomer,
        body: { programIds, tags, fingerprint: deps.personal.fingerprint(profile) },
        payload: { programIds, tags, sealed: deps.personal.seal(profile) },
        principal,
        headers,
      });
      return withCustomer(reply, deps.customers, principal.businessId);
    },
  });
}
