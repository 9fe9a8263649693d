import { promotions } from '../../resources/promotions.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/promotions` */
export function listPromotionsRoute(deps: ResourceDependencies) {
  return listResource(deps, promotions, { name: 'list-promotions', summary: 'All promotions' });
}
