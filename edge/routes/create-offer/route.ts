import { createOffer } from '../../../queues/commands/create-offer.ts';
import { offers } from '../../resources/offers.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/offers` */
export function createOfferRoute(deps: ResourceDependencies) {
  return createResource(deps, offers, {
    command: createOffer,
    summary: 'Add an offer',
    description:
      'A challenge that customers can be given: see `POST /v1/admin/offers/{id}/instances`.',
  });
}
