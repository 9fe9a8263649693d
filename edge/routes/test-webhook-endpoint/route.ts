import { z } from 'zod';
import { testWebhookEndpoint } from '../../../queues/commands/test-webhook-endpoint.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/test`: an event that nothing happened for. */
export function testWebhookEndpointRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, testWebhookEndpoint, {
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/test',
    tag: 'Admin',
    summary: 'Send a test event',
    description: 'Of type `webhook.test`. How it went is at its delivery.',
    scope: 'webhooks:write',
    params: z.object({ id: idSchema('whe') }),
    done: {
      status: 201,
      description: 'On its way.',
      schema: z.object({
        delivery: z.object({ id: z.string(), endpointId: z.string(), type: z.string() }),
      }),
    },
    payload: ({ params }) => ({ endpointId: params.id }),
  });
}
