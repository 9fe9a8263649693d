import { z } from 'zod';
import {
  type HistoryReader,
  rangeFields,
  readRange,
  storesOf,
  TRANSACTION_KINDS,
  type TransactionView,
  transactionViewSchema,
} from '../../history.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/transactions`: newest first. */
export function listTransactionsRoute(deps: { history: HistoryReader; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-transactions',
    method: 'get',
    path: '/v1/admin/transactions',
    tag: 'Admin',
    summary: 'What was recorded, newest first',
    description:
      '`from` and `to` are about when it was recorded. A late sale is found where it came.',
    scope: 'transactions:inspect',
    query: z.strictObject({
      ...pageFields,
      ...rangeFields,
      storeId: idSchema('sto').optional(),
      cardId: idSchema('crd').optional(),
      customerId: idSchema('cus').optional(),
      kind: z.enum(TRANSACTION_KINDS).optional(),
    }),
    responses: { 200: { description: 'One page.', schema: pageSchema(transactionViewSchema) } },
    async handle({ query, principal }) {
      const { businessId } = principal;
      const { storeId, cardId, customerId, kind } = query;
      const own = storesOf(principal);
      // Somebody else's store has nothing to show.
      if (storeId && own && !own.includes(storeId)) {
        return { status: 200, body: { data: [], nextCursor: null } };
      }
      const wish = { storeIds: storeId ? [storeId] : own, cardId, customerId, kind };
      const range = readRange(query);
      const positionOf = (item: TransactionView) => [item.id];
      const list = { name: 'list-transactions', principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.history.listTransactions(businessId, { ...wish, ...range, limit, after: after?.[0] }),
      );
    },
  });
}
