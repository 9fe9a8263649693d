import { z } from 'zod';
import { openCard } from '../../../queues/commands/open-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema, openedCardSchema } from '../../schemas.ts';

/** `POST /v1/admin/customers/{id}/cards`: somebody joins a program. */
export function openCardRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, openCard, {
    method: 'post',
    path: '/v1/admin/customers/:id/cards',
    tag: 'Admin',
    summary: 'Open a card',
    description: 'In any program that has begun. A card that is there already is the answer.',
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    body: openCard.body,
    done: {
      status: 201,
      description: 'The card.',
      schema: openedCardSchema,
    },
    payload: ({ params, body }) => ({ customerId: params.id, ...body }),
  });
}
