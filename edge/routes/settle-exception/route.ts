import { z } from 'zod';
import { settleException } from '../../../queues/commands/settle-exception.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/exceptions/{id}/settle`: somebody has dealt with it. */
export function settleExceptionRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: settleException.name,
    method: 'post',
    path: '/v1/admin/exceptions/:id/settle',
    tag: 'Admin',
    summary: 'Settle an exception with a note',
    description:
      'Moves nothing by itself: where something has to be put right, adjust the card or post the ' +
      'refund again under an id of its own.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('exc') }),
    body: settleException.body,
    responses: {
      200: {
        description: 'Settled.',
        schema: z.object({
          exception: z.object({ id: z.string(), settledBy: z.string(), note: z.string() }),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { exceptionId: params.id, ...body };
      const request = { command: settleException, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
