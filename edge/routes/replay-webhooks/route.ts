import { z } from 'zod';
import { replayFields, replayWebhooks } from '../../../queues/commands/replay-webhooks.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/replay?since=` */
export function replayWebhooksRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: replayWebhooks.name,
    method: 'post',
    path: '/v1/admin/webhook-endpoints/:id/replay',
    tag: 'Admin',
    summary: 'Send again what happened since',
    description:
      'Every event from then on, for a receiver that lost them, or only those that did not arrive. ' +
      'Each keeps its `webhook-id`.',
    scope: 'webhooks:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('whe') }),
    query: z.strictObject(replayFields),
    responses: {
      200: {
        description: 'On their way.',
        schema: z.object({
          replay: z.object({ endpointId: z.string(), deliveries: z.int() }),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, query, principal, headers }) {
      const payload = { endpointId: params.id, ...query };
      const request = { command: replayWebhooks, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
