import { z } from 'zod';
import { giveOffers } from '../../../queues/commands/give-offers.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema } from '../../schemas.ts';
import { openedOfferSchema } from '../../views/offer.ts';

/** `POST /v1/admin/offers/{id}/instances/batch`: many customers receive an offer. */
export function giveOffersRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, giveOffers, {
    method: 'post',
    path: '/v1/admin/offers/:id/instances/batch',
    tag: 'Admin',
    summary: 'Give an offer to up to 500 customers',
    description:
      'One entry per receiver, in order: the offer opened, or why not. A receiver who is refused ' +
      'holds up nobody else.',
    scope: 'offers:write',
    bodyLimitBytes: 500_000,
    params: z.object({ id: idSchema('ofr') }),
    body: giveOffers.body,
    done: {
      status: 201,
      description: 'What became of each.',
      schema: z.object({
        entries: z.array(
          z.object({
            index: z.int(),
            instance: openedOfferSchema.optional(),
            refused: z.string().optional().meta({ description: 'A problem’s code.' }),
          }),
        ),
      }),
    },
    payload: ({ params, body }) => ({ offerId: params.id, ...body }),
  });
}
