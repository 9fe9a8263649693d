import { z } from 'zod';
import { openCard } from '../../../queues/commands/open-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/cards`: somebody joins a program. */
export function openCardRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: openCard.name,
    method: 'post',
    path: '/v1/admin/customers/:id/cards',
    tag: 'Admin',
    summary: 'Open a card',
    description: 'In any program that has begun. A card that is there already is the answer.',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    body: openCard.body,
    responses: {
      201: {
        description: 'The card.',
        schema: z.object({
          card: z.object({
            id: z.string(),
            code: z.string(),
            programId: z.string(),
            isNew: z.boolean(),
          }),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { customerId: params.id, ...body };
      return deps.gate.reply({ command: openCard, body: payload, payload, principal, headers });
    },
  });
}
