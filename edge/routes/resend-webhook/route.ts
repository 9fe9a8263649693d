import { z } from 'zod';
import { resendWebhook } from '../../../queues/commands/resend-webhook.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/deliveries/{deliveryId}/resend` */
export function resendWebhookRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: resendWebhook.name,
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/deliveries/:deliveryId/resend',
    tag: 'Admin',
    summary: 'Send one event again',
    description: 'However it ended, with ten tries anew. Its `webhook-id` stays the same.',
    scope: 'webhooks:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('whe'), deliveryId: idSchema('evt') }),
    responses: {
      200: {
        description: 'On its way.',
        schema: z.object({ delivery: z.object({ id: z.string(), endpointId: z.string() }) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { endpointId: params.id, deliveryId: params.deliveryId };
      const request = { command: resendWebhook, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
