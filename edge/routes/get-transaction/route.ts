import { z } from 'zod';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { transactionSchema } from '../../schemas.ts';
import { readTransactionReference, transactionParams } from '../../transaction-reference.ts';
import { refundSchema } from '../../views/refund.ts';

/** `GET /v1/pos/transactions/{id}`: a sale, what it earned and what was refunded of it, by our id or the till's. */
export function getTransactionRoute(deps: { books: Books }) {
  return defineRoute({
    name: 'get-transaction',
    method: 'get',
    path: '/v1/pos/transactions/:id',
    tag: 'POS',
    summary: 'A recorded sale',
    description: 'By our id, or by the till’s own as `externalId:` followed by it, URL-encoded.',
    scope: 'transactions:read',
    params: transactionParams,
    responses: {
      200: {
        description: 'The sale, what it earned and why.',
        schema: z.object({
          transaction: transactionSchema.extend({
            receivedAt: z.iso.datetime(),
            recordedAt: z.iso.datetime(),
            receipt: z.unknown(),
            refunds: z.array(refundSchema),
          }),
        }),
      },
    },
    async handle({ params: { id }, principal }) {
      const named = readTransactionReference(id);
      const reference =
        'transactionId' in named
          ? { id: named.transactionId }
          : { integration: principal.integration, externalId: named.externalId };
      const found = await deps.books.findTransaction(principal.businessId, reference);
      if (!found) throw new Problem('not-found');
      const { outcome, ...rest } = found;
      return { status: 200, body: { transaction: { ...outcome, ...rest } } };
    },
  });
}
