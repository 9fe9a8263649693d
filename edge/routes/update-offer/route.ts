import { updateOffer } from '../../../queues/commands/update-offer.ts';
import { offers } from '../../resources/offers.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/offers/{id}` */
export function updateOfferRoute(deps: ResourceDependencies) {
  return changeResource(deps, offers, {
    command: updateOffer,
    summary: 'Change an offer',
    description: 'For those who receive it from now on: what was given keeps the terms it had.',
  });
}
