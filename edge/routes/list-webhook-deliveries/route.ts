import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { type WebhookDeliveryView, webhookDeliverySchema } from '../../views/webhook-endpoint.ts';
import type { WebhookReader } from '../../webhooks.ts';

/** `GET /v1/admin/webhook-endpoints/{id}/deliveries` */
export function listWebhookDeliveriesRoute(deps: {
  webhooks: WebhookReader;
  cursors: CursorSealer;
}) {
  const name = 'list-webhook-deliveries';
  return defineRoute({
    name,
    method: 'get',
    path: '/v1/admin/webhook-endpoints/:id/deliveries',
    tag: 'Admin',
    summary: 'What was sent to an endpoint, newest first',
    description: 'Of the last 30 days.',
    scope: 'webhooks:read',
    params: z.object({ id: idSchema('whe') }),
    query: z.strictObject({
      ...pageFields,
      status: webhookDeliverySchema.shape.status.optional(),
      type: z.string().max(100).optional(),
    }),
    responses: { 200: { description: 'One page.', schema: pageSchema(webhookDeliverySchema) } },
    handle({ params: { id }, query, principal }) {
      const { status, type } = query;
      const positionOf = (item: WebhookDeliveryView) => [item.id];
      const list = {
        name: `${name}/${id}/${status ?? ''}/${type ?? ''}`,
        principal,
        query,
        positionOf,
      };
      return pageReply(deps.cursors, list, async ({ limit, after }) => {
        const page = { limit, after: after?.[0], status, type };
        const found = await deps.webhooks.list(principal.businessId, id, page);
        if (!found) throw new Problem('not-found');
        return found;
      });
    },
  });
}
