import { z } from 'zod';
import type { StoreId } from '../../../domain/values/ids.ts';
import { refundPurchase } from '../../../queues/commands/refund-purchase.ts';
import type { CommandGate } from '../../command-gate.ts';
import { refuseForeignStore } from '../../own-stores.ts';
import type { PosPrincipal } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';
import { readTransactionReference, transactionParams } from '../../transaction-reference.ts';
import { refundSchema } from '../../views/refund.ts';

/** `POST /v1/pos/transactions/{id}/refunds`: money went back, and with it what the sale gave. */
export function refundPurchaseRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: refundPurchase.name,
    method: 'post',
    path: '/v1/pos/transactions/:id/refunds',
    tag: 'POS',
    summary: 'Refund or void a sale',
    description:
      'By lines, by amount or in full; the sale by our id, or by the till’s own as `externalId:` ' +
      'followed by it. Parts of a sale may be refunded in any order and never take back more than ' +
      'it gave. A refund may come before its sale: its job is then `waiting` until the sale comes.',
    scope: 'transactions:write',
    isCommand: true,
    hasDefaultKey: true,
    params: transactionParams,
    body: refundPurchase.body,
    responses: {
      201: {
        description: 'Refunded; the client waited.',
        schema: z.object({ refund: refundSchema }),
      },
      202: {
        description: 'Queued, or waiting for its sale. Poll the job.',
        schema: acceptedSchema,
      },
    },
    async handle({ params, body, principal, headers }) {
      if (body.storeId) refuseForeignStore(body.storeId, principal.storeIds);
      const reference = readTransactionReference(params.id);
      const sale = refundPurchase.payload.shape.sale.safeParse(reference);
      if (!sale.success) throw new Problem('malformed-id');
      const posted = { sale: sale.data, ...body };
      const payload = { ...posted, storeId: body.storeId ?? onlyStoreOf(principal) };
      return deps.gate.reply({
        command: refundPurchase,
        body: posted,
        payload,
        principal,
        headers,
      });
    },
  });
}

/** A till of one store gives money back there, wherever the sale was. */
function onlyStoreOf({ isForAllStores, storeIds }: PosPrincipal): StoreId | undefined {
  return isForAllStores || storeIds.length > 1 ? undefined : storeIds[0];
}
