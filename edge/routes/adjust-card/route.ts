import { z } from 'zod';
import { adjustCard } from '../../../queues/commands/adjust-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, explanationStep, idSchema, presentedAmount } from '../../schemas.ts';

/** `POST /v1/admin/cards/{id}/adjustments`: somebody puts right what a rule could not. */
export function adjustCardRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: adjustCard.name,
    method: 'post',
    path: '/v1/admin/cards/:id/adjustments',
    tag: 'Admin',
    summary: 'Add to a card or take from it',
    description: 'Needs a reason, which the card’s history shows. A balance never goes below zero.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('crd') }),
    body: adjustCard.body,
    responses: {
      201: {
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
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { cardId: params.id, ...body };
      return deps.gate.reply({ command: adjustCard, body: payload, payload, principal, headers });
    },
  });
}
