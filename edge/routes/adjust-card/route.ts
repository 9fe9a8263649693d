import { z } from 'zod';
import { adjustCard } from '../../../queues/commands/adjust-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { explanationStep, idSchema, presentedAmount } from '../../schemas.ts';

/** `POST /v1/admin/cards/{id}/adjustments`: somebody puts right what a rule could not. */
export function adjustCardRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, adjustCard, {
    method: 'post',
    path: '/v1/admin/cards/:id/adjustments',
    tag: 'Admin',
    summary: 'Add to a card or take from it',
    description: 'Needs a reason, which the card’s history shows. A balance never goes below zero.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('crd') }),
    body: adjustCard.body,
    done: {
      status: 201,
      description: 'Adjusted.',
      schema: z.object({
        adjustment: z
          .object({
            id: z.string(),
            cardId: z.string(),
            programId: z.string(),
            unit: z.enum(['stamp', 'point']),
            amount: presentedAmount,
            balance: presentedAmount,
            reason: z.string(),
            explanation: z.array(explanationStep),
          })
          .meta({ id: 'Adjustment' }),
      }),
    },
    payload: ({ params, body }) => ({ cardId: params.id, ...body }),
  });
}
