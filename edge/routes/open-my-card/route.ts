import { z } from 'zod';
import { openCard } from '../../../queues/commands/open-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';

/** `POST /v1/customer/me/cards`: a customer joins a program. */
export function openMyCardRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: 'open-my-card',
    method: 'post',
    path: '/v1/customer/me/cards',
    tag: 'Customer',
    summary: 'Open a card',
    description: 'In any program of this business. A card that is there already is the answer.',
    scope: 'self:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: openCard.body,
    exampleBody: { programId: 'prg_01jd7x0mh8e2rta5p3v0c2k9qz' },
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
    async handle({ body, principal, headers }) {
      const payload = { customerId: principal.customerId, ...body };
      return deps.gate.reply({ command: openCard, body: payload, payload, principal, headers });
    },
  });
}
