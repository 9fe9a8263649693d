import { z } from 'zod';
import { claimReceipt } from '../../../queues/commands/claim-receipt.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { transactionSchema } from '../../schemas.ts';

/** `POST /v1/customer/me/claims`: a sale that named nobody was mine. */
export function claimMyReceiptRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, claimReceipt, {
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
    body: claimReceipt.body,
    exampleBody: { claimCode: '7K3F-9Q2M-XB40-TZ81' },
    done: {
      status: 201,
      description: 'Claimed: what the sale gives.',
      schema: z.object({ claim: transactionSchema.extend({ saleId: z.string() }) }),
    },
    payload: ({ body, principal }) => ({ customerId: principal.customerId, ...body }),
  });
}
