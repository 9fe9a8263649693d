import { recordPurchase } from '../../../queues/commands/record-purchase.ts';
import type { ContactSealer } from '../../../queues/contact.ts';
import type { CommandGate } from '../../command-gate.ts';
import type { SetupReader } from '../../ports.ts';
import { checkReceipt } from '../../receipt-check.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';
import { acceptedSchema, transactionResultSchema } from '../../schemas.ts';
import { toPayload } from './payload.ts';

/** `POST /v1/pos/transactions`: a till posts a sale and is free at once. */
export function recordPurchaseRoute(deps: {
  gate: CommandGate;
  setup: SetupReader;
  sealer: ContactSealer;
  codes: RotatingCodes;
}) {
  return defineRoute({
    name: recordPurchase.name,
    method: 'post',
    path: '/v1/pos/transactions',
    tag: 'POS',
    summary: 'Record a sale',
    description:
      'Answers 202 once the sale is safely queued. The same `externalId` with the same body is the ' +
      'same sale, however often it is sent. With `Prefer: wait=5` the answer is what it earned.',
    scope: 'transactions:write',
    isCommand: true,
    hasDefaultKey: true,
    body: recordPurchase.body,
    responses: {
      201: { description: 'Recorded; the client waited.', schema: transactionResultSchema },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      await checkReceipt(body, principal, deps.setup);
      const payload = await toPayload(body, principal, deps);
      return deps.gate.reply({ command: recordPurchase, body, payload, principal, headers });
    },
  });
}
