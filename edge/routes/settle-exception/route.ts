import { z } from 'zod';
import { settleException } from '../../../queues/commands/settle-exception.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/exceptions/{id}/settle`: somebody has dealt with it. */
export function settleExceptionRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, settleException, {
    method: 'post',
    path: '/v1/admin/exceptions/:id/settle',
    tag: 'Admin',
    summary: 'Settle an exception with a note',
    description:
      'Moves nothing by itself: where something has to be put right, adjust the card or post the ' +
      'refund again under an id of its own.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('exc') }),
    body: settleException.body,
    done: {
      status: 200,
      description: 'Settled.',
      schema: z.object({
        exception: z.object({ id: z.string(), settledBy: z.string(), note: z.string() }),
      }),
    },
    payload: ({ params, body }) => ({ exceptionId: params.id, ...body }),
  });
}
