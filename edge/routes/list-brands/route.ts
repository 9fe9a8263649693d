import { brands } from '../../resources/brands.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/brands` */
export function listBrandsRoute(deps: ResourceDependencies) {
  return listResource(deps, brands, { name: 'list-brands', summary: 'All brands' });
}
