import { z } from 'zod';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { wholeWebhookDeliverySchema } from '../../views/webhook-endpoint.ts';
import type { WebhookReader } from '../../webhooks.ts';

/** `GET /v1/admin/webhook-endpoints/{id}/deliveries/{deliveryId}` */
export function getWebhookDeliveryRoute(deps: { webhooks: WebhookReader }) {
  return defineRoute({
    name: 'get-webhook-delivery',
    method: 'get',
    path: '/v1/admin/webhook-endpoints/:id/deliveries/:deliveryId',
    tag: 'Admin',
    summary: 'One event on its way: what was sent, and every try',
    scope: 'webhooks:read',
    params: z.object({ id: idSchema('whe'), deliveryId: idSchema('evt') }),
    responses: {
      200: {
        description: 'As it is now.',
        schema: z.object({ delivery: wholeWebhookDeliverySchema }),
      },
    },
    async handle({ params, principal: { businessId } }) {
      const delivery = await deps.webhooks.find(businessId, params.id, params.deliveryId);
      if (!delivery) throw new Problem('not-found');
      return { status: 200, body: { delivery } };
    },
  });
}
