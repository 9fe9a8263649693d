import { z } from 'zod';
import { eraseCustomer } from '../../../queues/commands/erase-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `DELETE /v1/customer/me`: whoever asks is forgotten by this business. */
export function eraseMeRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: 'erase-me',
    method: 'delete',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Erase me',
    description:
      'This business forgets you, your cards are closed with what is on them, and nothing brings ' +
      'them back. Your sign-in stays yours; with it you can join anew as somebody new.',
    scope: 'self:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    responses: {
      200: {
        description: 'You are forgotten.',
        schema: z.object({ customer: z.object({ id: z.string() }) }),
      },
      202: { description: 'Queued.', schema: acceptedSchema },
    },
    async handle({ principal, headers }) {
      const payload = { customerId: principal.customerId };
      const request = { command: eraseCustomer, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
