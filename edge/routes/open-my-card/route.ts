import { openCard } from '../../../queues/commands/open-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { openedCardSchema } from '../../schemas.ts';

/** `POST /v1/customer/me/cards`: a customer joins a program. */
export function openMyCardRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, openCard, {
    name: 'open-my-card',
    method: 'post',
    path: '/v1/customer/me/cards',
    tag: 'Customer',
    summary: 'Open a card',
    description: 'In any program of this business. A card that is there already is the answer.',
    scope: 'self:write',
    body: openCard.body,
    exampleBody: { programId: 'prg_01jd7x0mh8e2rta5p3v0c2k9qz' },
    done: {
      status: 201,
      description: 'The card.',
      schema: openedCardSchema,
    },
    payload: ({ body, principal }) => ({ customerId: principal.customerId, ...body }),
  });
}
