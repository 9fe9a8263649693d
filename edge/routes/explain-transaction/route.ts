import { z } from 'zod';
import { type HistoryReader, storesOf, transactionDetailSchema } from '../../history.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/transactions/{id}`: the receipt, what came of it, and why. */
export function explainTransactionRoute(deps: { history: HistoryReader }) {
  return defineRoute({
    name: 'explain-transaction',
    method: 'get',
    path: '/v1/admin/transactions/:id',
    tag: 'Admin',
    summary: 'One transaction, with why it gave what it gave',
    scope: 'transactions:inspect',
    params: z.object({ id: idSchema('txn') }),
    responses: { 200: { description: 'As it was recorded.', schema: transactionDetailSchema } },
    async handle({ params, principal }) {
      const stores = storesOf(principal);
      const found = await deps.history.findTransaction(principal.businessId, params.id, stores);
      if (!found) throw new Problem('not-found');
      return { status: 200, body: found };
    },
  });
}
