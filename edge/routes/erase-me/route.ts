import { z } from 'zod';
import { eraseCustomer } from '../../../queues/commands/erase-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';

/** `DELETE /v1/customer/me`: whoever asks is forgotten by this business. */
export function eraseMeRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, eraseCustomer, {
    name: 'erase-me',
    method: 'delete',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Erase me',
    description:
      'This business forgets you, your cards are closed with what is on them, and nothing brings ' +
      'them back. Your sign-in stays yours; with it you can join anew as somebody new.',
    scope: 'self:write',
    done: {
      status: 200,
      description: 'You are forgotten.',
      schema: z.object({ customer: z.object({ id: z.string() }) }),
    },
    queued: 'Queued.',
    payload: ({ principal }) => ({ customerId: principal.customerId }),
  });
}
