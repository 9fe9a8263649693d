import { z } from 'zod';
import { giveOffers } from '../../../queues/commands/give-offers.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';
import { openedOfferSchema } from '../../views/offer.ts';

/** `POST /v1/admin/offers/{id}/instances/batch`: many customers receive an offer. */
export function giveOffersRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: giveOffers.name,
    method: 'post',
    path: '/v1/admin/offers/:id/instances/batch',
    tag: 'Admin',
    summary: 'Give an offer to up to 500 customers',
    description:
      'One entry per receiver, in order: the offer opened, or why not. A receiver who is refused ' +
      'holds up nobody else.',
    scope: 'offers:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    bodyLimitBytes: 500_000,
    params: z.object({ id: idSchema('ofr') }),
    body: giveOffers.body,
    responses: {
      201: {
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
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { offerId: params.id, ...body };
      return deps.gate.reply({ command: giveOffers, body: payload, payload, principal, headers });
    },
  });
}
