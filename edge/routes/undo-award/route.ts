import { z } from 'zod';
import { undoAward } from '../../../queues/commands/undo-award.ts';
import type { CommandGate } from '../../command-gate.ts';
import { awardSchema } from '../../counter.ts';
import { refundSchema } from '../../views/refund.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `POST /v1/admin/counter/undo`: a slip of the hand, stamps or a purchase, is taken back. */
export function undoAwardRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: undoAward.name,
    method: 'post',
    path: '/v1/admin/counter/undo',
    tag: 'Counter',
    summary: 'Take stamps or a purchase back',
    description:
      'Whoever gave them may within 10 s. Later it takes a manager or the owner, and a reason.',
    scope: 'counter:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: undoAward.body,
    responses: {
      201: {
        description:
          'Taken back: stamps as an award of less than nothing, a purchase as its refund.',
        schema: z.object({ award: awardSchema.optional(), refund: refundSchema.optional() }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    handle: ({ body, principal, headers }) =>
      deps.gate.reply({ command: undoAward, body, payload: body, principal, headers }),
  });
}
