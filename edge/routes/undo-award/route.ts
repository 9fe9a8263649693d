import { z } from 'zod';
import { undoAward } from '../../../queues/commands/undo-award.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { awardSchema } from '../../counter.ts';
import { refundSchema } from '../../views/refund.ts';

/** `POST /v1/admin/counter/undo`: a slip of the hand, stamps or a purchase, is taken back. */
export function undoAwardRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, undoAward, {
    method: 'post',
    path: '/v1/admin/counter/undo',
    tag: 'Counter',
    summary: 'Take stamps or a purchase back',
    description:
      'Whoever gave them may within 10 s. Later it takes a manager or the owner, and a reason.',
    scope: 'counter:write',
    body: undoAward.body,
    done: {
      status: 201,
      description: 'Taken back: stamps as an award of less than nothing, a purchase as its refund.',
      schema: z.object({ award: awardSchema.optional(), refund: refundSchema.optional() }),
    },
    payload: ({ body }) => body,
  });
}
