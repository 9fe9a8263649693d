import { z } from 'zod';
import { replayFields, replayWebhooks } from '../../../queues/commands/replay-webhooks.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/replay?since=` */
export function replayWebhooksRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, replayWebhooks, {
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/replay',
    tag: 'Admin',
    summary: 'Send again what happened since',
    description:
      'Every event from then on, for a receiver that lost them, or only those that did not arrive. ' +
      'Each keeps its `webhook-id`.',
    scope: 'webhooks:write',
    params: z.object({ id: idSchema('whe') }),
    query: z.strictObject(replayFields),
    done: {
      status: 200,
      description: 'On their way.',
      schema: z.object({
        replay: z.object({ endpointId: z.string(), deliveries: z.int() }),
      }),
    },
    payload: ({ params, query }) => ({ endpointId: params.id, ...query }),
  });
}
