import { offers } from '../../resources/offers.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/offers/{id}` */
export function getOfferRoute(deps: ResourceDependencies) {
  return getResource(deps, offers, { name: 'get-offer', summary: 'One offer' });
}
