import { z } from 'zod';
import { testWebhookEndpoint } from '../../../queues/commands/test-webhook-endpoint.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/test`: an event that nothing happened for. */
export function testWebhookEndpointRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: testWebhookEndpoint.name,
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/test',
    tag: 'Admin',
    summary: 'Send a test event',
    description: 'Of type `webhook.test`. How it went is at its delivery.',
    scope: 'webhooks:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('whe') }),
    responses: {
      201: {
        description: 'On its way.',
        schema: z.object({
          delivery: z.object({ id: z.string(), endpointId: z.string(), type: z.string() }),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { endpointId: params.id };
      const command = testWebhookEndpoint;
      return deps.gate.reply({ command, body: payload, payload, principal, headers });
    },
  });
}
