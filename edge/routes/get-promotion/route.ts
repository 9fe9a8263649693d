import { promotions } from '../../resources/promotions.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/promotions/{id}` */
export function getPromotionRoute(deps: ResourceDependencies) {
  return getResource(deps, promotions, { name: 'get-promotion', summary: 'One promotion' });
}
