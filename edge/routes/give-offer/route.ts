import { z } from 'zod';
import { giveOffer } from '../../../queues/commands/give-offer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';
import { openedOfferSchema } from '../../views/offer.ts';

/** `POST /v1/admin/offers/{id}/instances`: a customer receives an offer. */
export function giveOfferRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, giveOffer, {
    method: 'post',
    path: '/v1/admin/offers/:id/instances',
    tag: 'Admin',
    summary: 'Give an offer to a customer',
    description:
      'Opens it for them from `receivedAt` on, even while they have the same one open. Purchases ' +
      'that fell into its window count, also those that are here already. Opens a card if need be.',
    scope: 'offers:write',
    params: z.object({ id: idSchema('ofr') }),
    body: giveOffer.body,
    done: { status: 201, description: 'Given.', schema: z.object({ instance: openedOfferSchema }) },
    payload: ({ params, body }) => ({ offerId: params.id, ...body }),
  });
}
