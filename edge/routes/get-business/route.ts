import { business } from '../../resources/business.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/business` */
export function getBusinessRoute(deps: ResourceDependencies) {
  return getResource(deps, business, { name: 'get-business', summary: 'Your business' });
}
