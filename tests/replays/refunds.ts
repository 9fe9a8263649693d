import type { z } from 'zod';
import type { refundPurchase } from '../../queues/commands/refund-purchase.ts';
import type { PosClient } from '../pos-client.ts';

type Refund = z.input<typeof refundPurchase.body>;

/**
 * Posts a refund of a sale, by the till's own id, and waits for nothing.
 * @returns the id of its job
 * @throws Error when refused
 */
export async function postRefund(
  client: PosClient,
  saleExternalId: string,
  refund: Refund,
): Promise<string> {
  const id = encodeURIComponent(`externalId:${saleExternalId}`);
  const path = `/v1/pos/transactions/${id}/refunds`;
  const { status, body } = await client.request<{ job: { id: string } }>('POST', path, {
    body: refund,
  });
  if (status !== 202) {
    throw new Error(`refund of ${saleExternalId}: ${status} ${JSON.stringify(body)}`);
  }
  return body.job.id;
}
