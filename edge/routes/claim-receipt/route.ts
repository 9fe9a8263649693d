import { z } from 'zod';
import { claimReceipt } from '../../../queues/commands/claim-receipt.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema, transactionSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/claims`: a sale that named nobody was somebody's. */
export function claimReceiptRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, claimReceipt, {
    method: 'post',
    path: '/v1/admin/customers/:id/claims',
    tag: 'Admin',
    summary: 'Claim a receipt',
    description:
      'A sale without a customer answers a `claimCode`, which the till prints. Within 30 days a ' +
      'customer gets what the sale would have earned, judged by the rules in force at its time. Once.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    body: claimReceipt.body,
    done: {
      status: 201,
      description: 'Claimed: what the sale gives.',
      schema: z.object({ claim: transactionSchema.extend({ saleId: z.string() }) }),
    },
    payload: ({ params, body }) => ({ customerId: params.id, ...body }),
  });
}
