import { brands } from '../../resources/brands.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/brands/{id}` */
export function getBrandRoute(deps: ResourceDependencies) {
  return getResource(deps, brands, { name: 'get-brand', summary: 'One brand' });
}
