import { endOffer } from '../../../queues/commands/end-offer.ts';
import { offers } from '../../resources/offers.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/offers/{id}/end` */
export function endOfferRoute(deps: ResourceDependencies) {
  return changeResource(deps, offers, {
    command: endOffer,
    action: 'end',
    summary: 'End an offer',
    description: 'Nobody receives it any more. What was given stays open until its own end.',
  });
}
