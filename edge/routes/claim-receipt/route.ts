import { z } from 'zod';
import { claimReceipt } from '../../../queues/commands/claim-receipt.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema, transactionSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/claims`: a sale that named nobody was somebody's. */
export function claimReceiptRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: claimReceipt.name,
    method: 'post',
    path: '/v1/admin/customers/:id/claims',
    tag: 'Admin',
    summary: 'Claim a receipt',
    description:
      'A sale without a customer answers a `claimCode`, which the till prints. Within 30 days a ' +
      'customer gets what the sale would have earned, judged by the rules in force at its time. Once.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    body: claimReceipt.body,
    responses: {
      201: {
        description: 'Claimed: what the sale gives.',
        schema: z.object({ claim: transactionSchema.extend({ saleId: z.string() }) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { customerId: params.id, ...body };
      return deps.gate.reply({ command: claimReceipt, body: payload, payload, principal, headers });
    },
  });
}
