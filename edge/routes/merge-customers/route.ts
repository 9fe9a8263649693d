import { z } from 'zod';
import { mergeCustomers } from '../../../queues/commands/merge-customers.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { type CustomerDirectory, customerSchema } from '../../customer-directory.ts';
import { withCustomer } from '../../customer-reply.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/merge`: two customers turn out to be one. */
export function mergeCustomersRoute(deps: { gate: CommandGate; customers: CustomerDirectory }) {
  return commandRoute(deps, mergeCustomers, {
    method: 'post',
    path: '/v1/admin/customers/:id/merge',
    tag: 'Admin',
    summary: 'Merge another customer into this one',
    description:
      'Cards of the same program become one: balances add up, debts net, everything keeps its ' +
      'expiry, and the old codes go on working. Other cards change hands. Gaps in what is known ' +
      'are filled; where both were asked for a consent, a no stands. Can be taken back within 30 ' +
      'days while nothing of it was spent.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    body: mergeCustomers.body,
    done: {
      status: 200,
      description: 'Who carries on.',
      schema: z.object({ customer: customerSchema }),
    },
    payload: ({ params, body }) => ({ survivorId: params.id, mergedId: body.mergedId }),
    present: (reply, { principal }) => withCustomer(reply, deps.customers, principal.businessId),
  });
}
