import { offers } from '../../resources/offers.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/offers` */
export function listOffersRoute(deps: ResourceDependencies) {
  return listResource(deps, offers, { name: 'list-offers', summary: 'All offers' });
}
