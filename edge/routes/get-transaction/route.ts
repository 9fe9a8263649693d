import { z } from 'zod';
import { idPattern, type TransactionId } from '../../../domain/values/ids.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { text } from '../../../queues/text.ts';
import { defineRoute } from '../../route.ts';
import { transactionSchema } from '../../schemas.ts';

const EXTERNAL = 'externalId:';

/** `GET /v1/pos/transactions/{id}`: a sale and what it earned, by our id or the till's. */
export function getTransactionRoute(deps: { books: Books }) {
  return defineRoute({
    name: 'get-transaction',
    method: 'get',
    path: '/v1/pos/transactions/:id',
    tag: 'POS',
    summary: 'A recorded sale',
    description: 'By our id, or by the till’s own as `externalId:` followed by it, URL-encoded.',
    scope: 'transactions:read',
    params: z.object({
      id: text({ max: 160 }).refine((id) => idPattern('txn').test(id) || id.startsWith(EXTERNAL), {
        error: 'must be a transaction id, or externalId: followed by the till’s own',
      }),
    }),
    responses: {
      200: {
        description: 'The sale, what it earned and why.',
        schema: z.object({
          transaction: transactionSchema.extend({
            receivedAt: z.iso.datetime(),
            recordedAt: z.iso.datetime(),
            receipt: z.unknown(),
          }),
        }),
      },
    },
    async handle({ params: { id }, principal }) {
      const reference = id.startsWith(EXTERNAL)
        ? { integration: principal.integration, externalId: id.slice(EXTERNAL.length) }
        : { id: id as TransactionId };
      const found = await deps.books.findTransaction(principal.businessId, reference);
      if (!found) throw new Problem('not-found');
      const { outcome, ...rest } = found;
      return { status: 200, body: { transaction: { ...outcome, ...rest } } };
    },
  });
}
