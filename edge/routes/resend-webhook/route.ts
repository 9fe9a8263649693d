import { z } from 'zod';
import { resendWebhook } from '../../../queues/commands/resend-webhook.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/deliveries/{deliveryId}/resend` */
export function resendWebhookRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, resendWebhook, {
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/deliveries/:deliveryId/resend',
    tag: 'Admin',
    summary: 'Send one event again',
    description: 'However it ended, with ten tries anew. Its `webhook-id` stays the same.',
    scope: 'webhooks:write',
    params: z.object({ id: idSchema('whe'), deliveryId: idSchema('evt') }),
    done: {
      status: 200,
      description: 'On its way.',
      schema: z.object({ delivery: z.object({ id: z.string(), endpointId: z.string() }) }),
    },
    payload: ({ params }) => ({ endpointId: params.id, deliveryId: params.deliveryId }),
  });
}
