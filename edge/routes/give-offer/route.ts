import { z } from 'zod';
import { giveOffer } from '../../../queues/commands/give-offer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';
import { openedOfferSchema } from '../../views/offer.ts';

/** `POST /v1/admin/offers/{id}/instances`: a customer receives an offer. */
export function giveOfferRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: giveOffer.name,
    method: 'post',
    path: '/v1/admin/offers/:id/instances',
    tag: 'Admin',
    summary: 'Give an offer to a customer',
    description:
      'Opens it for them from `receivedAt` on, even while they have the same one open. Purchases ' +
      'that fell into its window count, also those that are here already. Opens a card if need be.',
    scope: 'offers:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('ofr') }),
    body: giveOffer.body,
    responses: {
      201: { description: 'Given.', schema: z.object({ instance: openedOfferSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { offerId: params.id, ...body };
      return deps.gate.reply({ command: giveOffer, body: payload, payload, principal, headers });
    },
  });
}
