import { z } from 'zod';
import { claimReceipt } from '../../../queues/commands/claim-receipt.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, transactionSchema } from '../../schemas.ts';

/** `POST /v1/customer/me/claims`: a sale that named nobody was mine. */
export function claimMyReceiptRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: 'claim-my-receipt',
    method: 'post',
    path: '/v1/customer/me/claims',
    tag: 'Customer',
    summary: 'Claim a receipt',
    description:
      'With the code that the till printed, within 30 days, once: you get what the sale would have ' +
      'earned, judged by the rules in force at its time.',
    scope: 'self:write',
    guard: { perMinute: 30, countsMisses: true },
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: claimReceipt.body,
    exampleBody: { claimCode: '7K3F-9Q2M-XB40-TZ81' },
    responses: {
      201: {
        description: 'Claimed: what the sale gives.',
        schema: z.object({ claim: transactionSchema.extend({ saleId: z.string() }) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      const payload = { customerId: principal.customerId, ...body };
      return deps.gate.reply({ command: claimReceipt, body: payload, payload, principal, headers });
    },
  });
}
